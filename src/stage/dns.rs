//! One question to one name server, as if from a client subnet (RFC 7871).

use crate::model::text::clean;
use crate::probe::ProbeError;
use hickory_proto::op::{Edns, Message, MessageType, Query, ResponseCode};
use hickory_proto::rr::rdata::opt::{ClientSubnet, EdnsCode, EdnsOption};
use hickory_proto::rr::{Name, RData, RecordType};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

/// How long one try may take.
const TRY: Duration = Duration::from_secs(2);
/// How often a question is sent over UDP before nobody is taken to be there.
const TRIES: usize = 2;
/// What arrives unfragmented nearly everywhere (DNS Flag Day 2020).
const PAYLOAD: u16 = 1232;
/// Client addresses are told to this many bits (RFC 7871, section 11.1).
const SUBNET_BITS: u8 = 24;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    pub name: &'a str,
    pub kind: RecordType,
    /// On whose behalf.
    pub subnet: Option<Ipv4Addr>,
    /// Whether the server should ask others.
    pub recursive: bool,
}

impl Question<'_> {
    pub(super) fn message(&self) -> Result<Message, ProbeError> {
        let mut name = Name::from_ascii(self.name).map_err(|_| ProbeError::Dns(format!("{} is no name", self.name)))?;
        name.set_fqdn(true);
        let mut message = Message::query();
        message.metadata.recursion_desired = self.recursive;
        message.add_query(Query::query(name, self.kind));
        let mut edns = Edns::new();
        edns.set_max_payload(PAYLOAD);
        if let Some(subnet) = self.subnet {
            let [a, b, c, _] = subnet.octets();
            let subnet = ClientSubnet::new(Ipv4Addr::new(a, b, c, 0).into(), SUBNET_BITS, 0);
            edns.options_mut().insert(EdnsOption::Subnet(subnet));
        }
        message.set_edns(edns);
        Ok(message)
    }

    /// The server's answer; its code is not judged.
    pub async fn ask(&self, server: SocketAddr) -> Result<Message, ProbeError> {
        let message = self.message()?;
        let bytes = message.to_vec().map_err(|error| ProbeError::Dns(error.to_string()))?;
        for _ in 0..TRIES {
            match timeout(TRY, over_udp(server, &bytes, &message)).await {
                Ok(Ok(answer)) if answer.metadata.truncation => {
                    let tcp = timeout(TRY * 2, over_tcp(server, &bytes, &message));
                    return tcp.await.map_err(|_| ProbeError::TimedOut)?.map_err(broken);
                }
                Ok(answer) => return answer.map_err(broken),
                Err(_) => {}
            }
        }
        Err(ProbeError::TimedOut)
    }
}

fn broken(error: std::io::Error) -> ProbeError {
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => ProbeError::Refused,
        _ => ProbeError::Dns(error.to_string()),
    }
}

async fn over_udp(server: SocketAddr, bytes: &[u8], asked: &Message) -> std::io::Result<Message> {
    let local: SocketAddr = if server.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = UdpSocket::bind(local).await?;
    socket.connect(server).await?;
    socket.send(bytes).await?;
    let mut buffer = [0; 4096];
    loop {
        let length = socket.recv(&mut buffer).await?;
        // whatever is not the answer is noise, or someone who guesses
        if let Some(answer) = buffer.get(..length).and_then(|bytes| answer_to(asked, bytes)) {
            return Ok(answer);
        }
    }
}

async fn over_tcp(server: SocketAddr, bytes: &[u8], asked: &Message) -> std::io::Result<Message> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(bytes.len()).map_err(|_| std::io::ErrorKind::InvalidInput)?;
    stream.write_all(&length.to_be_bytes()).await?;
    stream.write_all(bytes).await?;
    let mut answer = vec![0; usize::from(stream.read_u16().await?)];
    stream.read_exact(&mut answer).await?;
    answer_to(asked, &answer).ok_or_else(|| std::io::ErrorKind::InvalidData.into())
}

/// The message in `bytes`, when it answers what was asked.
fn answer_to(asked: &Message, bytes: &[u8]) -> Option<Message> {
    let answer = Message::from_vec(bytes).ok()?;
    let same = answer.metadata.id == asked.metadata.id
        && answer.metadata.message_type == MessageType::Response
        && answer.queries == asked.queries;
    same.then_some(answer)
}

/// The addresses of `name` in an answer, through the aliases in it. `Err`: the name to ask for next.
pub fn addresses(answer: &Message, name: &str) -> Result<Result<Vec<Ipv4Addr>, String>, ProbeError> {
    match answer.metadata.response_code {
        ResponseCode::NoError => {}
        ResponseCode::NXDomain => return Err(ProbeError::Dns(format!("{name} does not exist"))),
        code => return Err(ProbeError::Dns(format!("the name server says {code} of {name}"))),
    }
    let mut at = Name::from_ascii(name).map_err(|_| ProbeError::Dns(format!("{name} is no name")))?;
    at.set_fqdn(true);
    let asked = at.clone();
    for _ in 0..=answer.answers.len() {
        let here = || answer.answers.iter().filter(|record| record.name == at);
        let found: Vec<Ipv4Addr> = here()
            .filter_map(|record| match &record.data {
                RData::A(address) => Some(address.0),
                _ => None,
            })
            .collect();
        let next = here().find_map(|record| match &record.data {
            RData::CNAME(next) => Some(next.0.clone()),
            _ => None,
        });
        match next {
            Some(next) if found.is_empty() => at = next,
            _ if found.is_empty() && at != asked => return Ok(Err(at.to_ascii())),
            _ => return Ok(Ok(found)),
        }
    }
    Err(ProbeError::Dns(format!("the aliases of {name} go round in a circle")))
}

/// The name servers in an answer, without trailing dots, in alphabetical order.
pub fn servers(answer: &Message, zone: &str) -> Result<Vec<String>, ProbeError> {
    match answer.metadata.response_code {
        ResponseCode::NoError => {}
        ResponseCode::NXDomain => return Err(ProbeError::Dns(format!("{zone} does not exist"))),
        code => return Err(ProbeError::Dns(format!("the name server says {code} of {zone}"))),
    }
    let server = |record: &hickory_proto::rr::Record| match &record.data {
        RData::NS(server) => Some(clean(server.0.to_ascii().trim_end_matches('.')).to_ascii_lowercase()),
        _ => None,
    };
    let mut found: Vec<String> = answer.answers.iter().filter_map(server).collect();
    found.sort();
    if found.is_empty() { Err(ProbeError::Dns(format!("no name servers are known for {zone}"))) } else { Ok(found) }
}

/// The client subnet that a message carries.
pub fn subnet(message: &Message) -> Option<ClientSubnet> {
    match message.edns.as_ref()?.option(EdnsCode::Subnet)? {
        EdnsOption::Subnet(subnet) => Some(*subnet),
        _ => None,
    }
}
