//! The authoritative name servers of the simulated zones, over UDP and TCP.

use crate::stage::dns::subnet;
use crate::stage::simulator::Simulator;
use hickory_proto::op::{Edns, Message, MessageType, Metadata, OpCode, Query, ResponseCode};
use hickory_proto::rr::rdata::opt::{ClientSubnet, EdnsOption};
use hickory_proto::rr::rdata::{A, CNAME, NS, SOA, TXT};
use hickory_proto::rr::{DNSClass, Name, RData, Record, RecordType};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tandem_sim::World;
use tandem_sim::geo::{Place, place_of};
use tandem_sim::random::Random;
use tandem_sim::world::dns::{self, DnsRecord, RecordData};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The longest UDP answer, whatever a client offers (DNS Flag Day 2020).
const PAYLOAD: u16 = 1232;
/// How long a TCP client may be silent (RFC 7766 leaves it open; assumed).
const IDLE: Duration = Duration::from_secs(10);
/// TCP connections at once.
const MOST: usize = 128;

/// Cheap to clone.
#[derive(Clone)]
pub struct Dns {
    simulator: Simulator,
    /// Questions so far: draws among weights.
    asked: Arc<AtomicU64>,
}

pub async fn over_udp(socket: UdpSocket, server: Dns) {
    let mut buffer = vec![0; 4096];
    loop {
        let Ok((length, peer)) = socket.recv_from(&mut buffer).await else { continue };
        let Some(answer) = buffer.get(..length).and_then(|bytes| server.answer(bytes, peer.ip(), true)) else {
            tracing::warn!(%peer, length, "not a question");
            continue;
        };
        if let Err(error) = socket.send_to(&answer, peer).await {
            tracing::warn!(%peer, %error, "an answer was not sent");
        }
    }
}

pub async fn over_tcp(listener: TcpListener, server: Dns) {
    let room = Arc::new(Semaphore::new(MOST));
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        let Ok((stream, peer)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let server = server.clone();
        tokio::spawn(async move {
            if let Err(error) = timeout(IDLE * 6, conversation(stream, peer, server)).await.unwrap_or(Ok(())) {
                tracing::debug!(%peer, %error, "a DNS connection ended");
            }
            drop(permit);
        });
    }
}

async fn conversation(mut stream: TcpStream, peer: SocketAddr, server: Dns) -> std::io::Result<()> {
    loop {
        let Ok(length) = timeout(IDLE, stream.read_u16()).await else { return Ok(()) };
        let mut question = vec![0; usize::from(length?)];
        timeout(IDLE, stream.read_exact(&mut question)).await.map_err(|_| std::io::ErrorKind::TimedOut)??;
        let Some(answer) = server.answer(&question, peer.ip(), false) else {
            tracing::warn!(%peer, length = question.len(), "not a question");
            return Ok(());
        };
        let length = u16::try_from(answer.len()).map_err(|_| std::io::ErrorKind::InvalidData)?;
        stream.write_all(&length.to_be_bytes()).await?;
        stream.write_all(&answer).await?;
    }
}

impl Dns {
    pub fn new(simulator: Simulator) -> Self {
        Self { simulator, asked: Arc::default() }
    }

    /// The answer to these bytes; `None`: they deserve none.
    pub fn answer(&self, bytes: &[u8], peer: IpAddr, udp: bool) -> Option<Vec<u8>> {
        let Ok(question) = Message::from_vec(bytes) else { return misshapen(bytes) };
        if question.metadata.message_type == MessageType::Response {
            return None;
        }
        let mut answer = self.respond(&question, peer);
        let encoded = answer.to_vec().ok();
        let limit = if udp { question.max_payload().min(PAYLOAD) } else { u16::MAX };
        match encoded {
            Some(bytes) if bytes.len() <= usize::from(limit) => Some(bytes),
            Some(_) => answer.truncate().to_vec().ok(),
            None => {
                answer.answers.clear();
                answer.authorities.clear();
                answer.metadata.response_code = ResponseCode::ServFail;
                answer.to_vec().ok()
            }
        }
    }

    fn respond(&self, question: &Message, peer: IpAddr) -> Message {
        let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
        answer.metadata = Metadata::response_from_request(&question.metadata);
        answer.add_queries(question.queries.iter().cloned());
        let asked = subnet(question);
        if question.edns.is_some() {
            let mut edns = Edns::new();
            edns.set_max_payload(PAYLOAD);
            if let Some(subnet) = asked {
                let bits = subnet.source_prefix();
                edns.options_mut().insert(EdnsOption::Subnet(ClientSubnet::new(subnet.addr(), bits, bits)));
            }
            answer.set_edns(edns);
        }
        let code = match (question.metadata.op_code, question.queries.as_slice()) {
            _ if question.version() > 0 => ResponseCode::BADVERS,
            (OpCode::Query, [query]) if query.query_class() == DNSClass::IN => {
                let client = asked.filter(|subnet| subnet.source_prefix() > 0).map_or(peer, |subnet| subnet.addr());
                self.resolve(query, place_of(client), &mut answer)
            }
            (OpCode::Query, [_]) => ResponseCode::Refused,
            (OpCode::Query, _) => ResponseCode::FormErr,
            _ => ResponseCode::NotImp,
        };
        answer.metadata.response_code = code;
        if let Some(edns) = answer.edns.as_mut() {
            edns.set_rcode_high(code.high());
        }
        answer
    }

    fn resolve(&self, query: &Query, place: &Place, answer: &mut Message) -> ResponseCode {
        let name = query.name().to_lowercase().to_ascii();
        let count = self.asked.fetch_add(1, Ordering::Relaxed);
        let roll = Random::stream(self.simulator.seed() ^ count, "name server").unit();
        // a type that nobody has asks only whether the name is there
        let kind = kind(query.query_type());
        self.simulator.with(|world| {
            let found = dns::resolve(world, &name, kind.unwrap_or(dns::RecordType::Aaaa), place, roll);
            let code = match found.code {
                dns::ResponseCode::NoError => ResponseCode::NoError,
                dns::ResponseCode::NxDomain => ResponseCode::NXDomain,
                dns::ResponseCode::Refused => return ResponseCode::Refused,
            };
            answer.metadata.authoritative = true;
            answer.answers = found.records.iter().filter_map(|found| record(found, query.name())).collect();
            if answer.answers.is_empty() {
                answer.authorities.extend(start_of_authority(world, &name, place));
            }
            code
        })
    }
}

/// FORMERR for what at least has a header of a question.
fn misshapen(bytes: &[u8]) -> Option<Vec<u8>> {
    let (&[high, low, flags], true) = (bytes.first_chunk::<3>()?, bytes.len() >= 12) else { return None };
    if flags & 0x80 != 0 {
        return None;
    }
    let id = u16::from_be_bytes([high, low]);
    Message::error_msg(id, OpCode::Query, ResponseCode::FormErr).to_vec().ok()
}

fn kind(kind: RecordType) -> Option<dns::RecordType> {
    Some(match kind {
        RecordType::A => dns::RecordType::A,
        RecordType::AAAA => dns::RecordType::Aaaa,
        RecordType::CNAME => dns::RecordType::Cname,
        RecordType::TXT => dns::RecordType::Txt,
        RecordType::NS => dns::RecordType::Ns,
        RecordType::SOA => dns::RecordType::Soa,
        _ => return None,
    })
}

/// Says whose zone a missing record would be in, and for how long it may be taken to be missing.
fn start_of_authority(world: &World, name: &str, place: &Place) -> Option<Record> {
    let mut zone = name.trim_end_matches('.');
    loop {
        let found = dns::resolve(world, zone, dns::RecordType::Soa, place, 0.0);
        let soa = found.records.iter().find(|record| matches!(record.data, RecordData::Soa(_)));
        if let Some(soa) = soa {
            return record(soa, &fully(zone)?);
        }
        zone = zone.split_once('.')?.1;
    }
}

/// A record as it travels. The name of the question is repeated as it was spelt.
fn record(found: &DnsRecord, asked: &Name) -> Option<Record> {
    let name = fully(&found.name).filter(|name| name != asked).unwrap_or_else(|| asked.clone());
    Some(Record::from_rdata(name, found.ttl_s, data(&found.data)?))
}

fn data(data: &RecordData) -> Option<RData> {
    Some(match data {
        RecordData::A(address) => RData::A(A(*address)),
        RecordData::Cname(name) => RData::CNAME(CNAME(fully(name)?)),
        RecordData::Ns(name) => RData::NS(NS(fully(name)?)),
        RecordData::Txt(text) => RData::TXT(TXT::from_bytes(strings(text).iter().map(Vec::as_slice).collect())),
        RecordData::Soa(text) => {
            let mut words = text.split_whitespace();
            let (server, mailbox) = (fully(words.next()?)?, fully(words.next()?)?);
            let mut number = || words.next().and_then(|word| word.parse::<i32>().ok());
            let (serial, refresh, retry, expire, minimum) = (number()?, number()?, number()?, number()?, number()?);
            let (serial, minimum) = (u32::try_from(serial).ok()?, u32::try_from(minimum).ok()?);
            RData::SOA(SOA::new(server, mailbox, serial, refresh, retry, expire, minimum))
        }
    })
}

/// `"one" "two"` as Route 53 writes it; text without quotes is one string. A string has at most 255
/// bytes.
fn strings(text: &str) -> Vec<Vec<u8>> {
    let quoted = text.trim().starts_with('"');
    let parts: Vec<&str> = if quoted { text.split('"').skip(1).step_by(2).collect() } else { vec![text] };
    parts.iter().flat_map(|part| part.as_bytes().chunks(255)).map(<[u8]>::to_vec).collect()
}

fn fully(name: &str) -> Option<Name> {
    let mut name = Name::from_ascii(name).ok()?;
    name.set_fqdn(true);
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_into_strings() {
        assert_eq!(strings("\"one\" \"two\""), [b"one".to_vec(), b"two".to_vec()]);
        assert_eq!(strings("plain"), [b"plain".to_vec()]);
        assert_eq!(strings(&format!("\"{}\"", "x".repeat(300))).iter().map(Vec::len).collect::<Vec<_>>(), [255, 45]);
    }
}
