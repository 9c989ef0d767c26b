//! The served world over real sockets, and its name server over any bytes.

use super::*;
use crate::cloud::discover::{self, Wanted};
use crate::cloud::ecs;
use crate::stage::dns::{Question, addresses, subnet};
use crate::stage::simulator::{Shape, ready};
use crate::stage::{StagePlace, served};
use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::RecordType;
use proptest::prelude::*;
use std::sync::OnceLock;
use tandem_sim::World;
use tokio::sync::oneshot;

const WANTED: Wanted<'_> = Wanted { stack: "shop", balancer: "shop-web", target_group: "shop-web", listener: None };

fn name_server() -> &'static dns::Dns {
    static SERVER: OnceLock<dns::Dns> = OnceLock::new();
    SERVER.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let _inside = runtime.enter();
        dns::Dns::new(ready(3, &Shape::default(), 1.0).unwrap())
    })
}

fn asked(name: &str, kind: RecordType, at: Option<[u8; 4]>) -> Message {
    let question = Question { name, kind, subnet: at.map(Into::into), recursive: true };
    let bytes = question.message().unwrap().to_vec().unwrap();
    Message::from_vec(&name_server().answer(&bytes, [127, 0, 0, 1].into(), true).unwrap()).unwrap()
}

#[test]
fn a_client_subnet_decides_and_is_echoed() {
    let (london, york) = ([198, 18, 64, 0], [198, 18, 0, 0]);
    let near = asked("app.shop.example", RecordType::A, Some(london));
    let far = asked("APP.shop.example", RecordType::A, Some(york));
    let addresses = |message: &Message| addresses(message, "app.shop.example").unwrap().unwrap();
    assert!(!addresses(&near).is_empty() && !addresses(&far).is_empty());
    assert_ne!(addresses(&near), addresses(&far));
    let echoed = subnet(&near).unwrap();
    assert_eq!((echoed.addr(), echoed.source_prefix(), echoed.scope_prefix()), (london.into(), 24, 24));
    assert!(near.metadata.authoritative && !near.metadata.recursion_available && near.metadata.recursion_desired);
    assert_eq!(far.queries[0].name().to_ascii(), "APP.shop.example.");
}

#[test]
fn what_is_missing_says_so() {
    let missing = asked("nowhere.shop.example", RecordType::A, None);
    assert_eq!(missing.metadata.response_code, ResponseCode::NXDomain);
    assert!(missing.authorities.iter().any(|record| record.record_type() == RecordType::SOA));
    assert_eq!(asked("example.org", RecordType::A, None).metadata.response_code, ResponseCode::Refused);
    let none = asked("app.shop.example", RecordType::AAAA, None);
    assert_eq!((none.metadata.response_code, none.answers.len()), (ResponseCode::NoError, 0));
    let other = asked("app.shop.example", RecordType::MX, None);
    assert_eq!((other.metadata.response_code, other.answers.len()), (ResponseCode::NoError, 0));
    assert!(!asked("shop.example", RecordType::NS, None).answers.is_empty());
    assert_eq!(asked("shop.example", RecordType::SOA, None).answers.len(), 1);
}

#[test]
fn answers_are_no_questions_and_scraps_get_a_format_error() {
    let answer = asked("app.shop.example", RecordType::A, None).to_vec().unwrap();
    assert_eq!(name_server().answer(&answer, [127, 0, 0, 1].into(), true), None);
    assert_eq!(name_server().answer(b"short", [127, 0, 0, 1].into(), true), None);
    let scrap = [7, 7, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0];
    let refused = name_server().answer(&scrap, [127, 0, 0, 1].into(), true).unwrap();
    let refused = Message::from_vec(&refused).unwrap();
    assert_eq!((refused.metadata.id, refused.metadata.response_code), (0x0707, ResponseCode::FormErr));
}

proptest! {
    #[test]
    fn any_bytes_are_answered_or_dropped(bytes in any::<Vec<u8>>(), udp in any::<bool>()) {
        let _ = name_server().answer(&bytes, [198, 18, 64, 1].into(), udp);
    }

    #[test]
    fn a_damaged_question_is_answered_or_dropped(place in 0_usize..64, value in any::<u8>()) {
        let question = Question { name: "app.shop.example", kind: RecordType::A, subnet: Some([198, 18, 64, 0].into()), recursive: false };
        let mut bytes = question.message().unwrap().to_vec().unwrap();
        let place = place % bytes.len();
        bytes[place] = value;
        if let Some(answer) = name_server().answer(&bytes, [127, 0, 0, 1].into(), true) {
            prop_assert!(answer.len() <= 1232);
            prop_assert!(Message::from_vec(&answer).is_ok());
        }
    }
}

/// A server, the addresses it listens at, and the end of it.
async fn serve(simulator: Simulator) -> (Addresses, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let server = Server::bind(simulator, Ports { api: 0, dns: Some(0), http: Some(0) }).await.unwrap();
    let (stop, stopped) = oneshot::channel();
    let addresses = server.addresses;
    let task = tokio::spawn(server.run(async move { drop(stopped.await) }));
    (addresses, stop, task)
}

#[tokio::test]
async fn another_process_sees_the_same_world() {
    let simulator = ready(5, &Shape::default(), 10.0).unwrap();
    let (at, stop, task) = serve(simulator.clone()).await;
    let endpoint = format!("http://{}", at.api);
    let regions = vec!["us-east-1".to_string(), "eu-west-1".to_string()];
    let stage = served::stage(&endpoint, None, regions).await.unwrap();
    assert_eq!(stage.place, StagePlace::Served { endpoint, seed: Some(5) });
    assert_eq!(stage.clock.speed(), 10.0);
    assert_eq!(ecs::service(&stage.aws, "eu-west-1", "shop", "shop-web").await.unwrap().running, 3);
    assert!(discover::balancer(&stage.aws, "us-east-1", WANTED).await.is_ok());
    let place = stage.vantage.places().into_iter().find(|place| place.name == "london").unwrap();
    let found = stage.vantage.resolve("app.shop.example", &place).await.unwrap();
    let url = crate::probe::Url { https: false, host: "app.shop.example".into(), path: "/".into() };
    assert_eq!(stage.vantage.fetch(&url, found[0], &place).await.unwrap().status, 200);
    let lever = stage.lever.unwrap();
    let order = crate::fault::FaultOrder { kind: "F15".into(), region: Some("eu-west-1".into()), ..Default::default() };
    let id = lever.start(order).await.unwrap();
    assert_eq!(lever.board().await.unwrap().active.len(), 1);
    lever.end(id).await.unwrap();
    assert!(simulator.with(|world| world.faults.list().is_empty()));
    drop(stop);
    task.await.unwrap();
    assert!(tokio::net::TcpStream::connect(at.api).await.is_err());
}

#[tokio::test]
async fn bad_input_gets_an_answer_and_the_server_goes_on() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (at, stop, task) = serve(Simulator::new(World::empty(1), 1.0)).await;
    let say = async |to: std::net::SocketAddr, text: &[u8]| {
        let mut stream = tokio::net::TcpStream::connect(to).await.unwrap();
        stream.write_all(text).await.unwrap();
        let mut answer = vec![];
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    };
    assert!(say(at.api, b"\x00\x01garbage\r\n\r\n").await.starts_with("HTTP/1.1 400"));
    let unsigned = say(at.api, b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}").await;
    assert!(unsigned.starts_with("HTTP/1.1 4"), "{unsigned}");
    let clock = say(at.api, b"GET /_sim/clock HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(clock.contains(&format!("\"dns_port\":{}", at.dns.unwrap().port())), "{clock}");
    let page = say(at.http.unwrap(), b"GET / HTTP/1.1\r\nhost: nowhere.example\r\nconnection: close\r\n\r\n").await;
    assert!(page.starts_with("HTTP/1.1 502") && page.contains("dns_error"), "{page}");
    assert_eq!(say(at.dns.unwrap(), b"\x00\x05short").await, "");
    drop(stop);
    task.await.unwrap();
}

#[tokio::test]
async fn an_answer_too_long_for_udp_is_fetched_over_tcp() {
    // a server of one answer: truncated over UDP, whole over TCP
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let listener = TcpListener::bind(address).await.unwrap();
    let server = async {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut buffer = [0; 512];
        let (length, peer) = socket.recv_from(&mut buffer).await.unwrap();
        let short = Message::from_vec(&buffer[..length]).unwrap().into_response().truncate().to_vec().unwrap();
        socket.send_to(&short, peer).await.unwrap();
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut question = vec![0; usize::from(stream.read_u16().await.unwrap())];
        stream.read_exact(&mut question).await.unwrap();
        let answer = Message::from_vec(&question).unwrap().into_response().to_vec().unwrap();
        stream.write_all(&(answer.len() as u16).to_be_bytes()).await.unwrap();
        stream.write_all(&answer).await.unwrap();
    };
    let question = Question { name: "a.example", kind: RecordType::A, subnet: None, recursive: false };
    let (answer, ()) = tokio::join!(question.ask(address), server);
    assert!(!answer.unwrap().metadata.truncation);
}
