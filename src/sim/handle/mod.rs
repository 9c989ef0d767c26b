//! The one door: a request at a moment, an answer and when.
//!
//! In order: time passes, the signature tells service and Region, the bytes become an operation and
//! its input, faults and limits have their say, the operation runs, the answer takes the client's form.

use crate::calls::{Call, Outcome};
use crate::doc::{Doc, Input};
use crate::faults::{self, CallEffect, image, limits};
use crate::front_door::control;
use crate::geo;
use crate::moment::Moment;
use crate::operation::{Answer, Caller, MISSHAPEN, Operation, Protocol, Refusal, Service};
use crate::services;
use crate::wire::{self, Decoded, Request, Response, error, header, scope};
use crate::world::{World, uuid};
use http::header::CONTENT_LENGTH;
use std::time::Duration;

/// Slow, reset and hang are data: whoever holds the clock carries them out.
#[derive(Debug)]
pub enum Reply {
    After(Duration, Response),
    /// The connection is closed without an answer.
    Reset(Duration),
    /// Silence.
    Never,
}

/// The shortest and longest an API call takes where no fault delays it, milliseconds (assumed).
const LATENCY_MS: (f64, f64) = (15.0, 60.0);

/// Where the control planes of the global services are (AWS Fault Isolation Boundaries).
const GLOBAL_REGION: &str = "us-east-1";

/// How much of a line of the log may be the client's own words, in characters.
const LOGGED: usize = 300;

/// Answers one request of an AWS client, or of whoever asks for a page under `/_sim/`.
pub fn handle(world: &mut World, now: Moment, request: &Request) -> Reply {
    world.advance(now);
    if request.uri().path().starts_with(control::ROOT) {
        return Reply::After(Duration::ZERO, control::answer(world, request));
    }
    world.requests += 1;
    let id = uuid(&["request", &world.seed.to_string(), &world.requests.to_string()]);
    let (least, most) = LATENCY_MS;
    let latency = Duration::from_micros((world.chance.wire.between(least, most) * 1000.0) as u64);
    match signer(world, request) {
        Ok(signer) => Visit { request, signer, id, latency }.answer(world),
        Err(refusal) => {
            complain(world, request, "-", refusal.code, &refusal.message);
            Reply::After(latency, error::document(None, error::guess(request), &refusal, &id))
        }
    }
}

/// Who signed, for which service and where.
struct Signer {
    service: &'static Service,
    /// The Region whose API is called.
    region: &'static str,
    access_key: String,
}

fn signer(world: &World, request: &Request) -> Answer<Signer> {
    let xml = error::in_xml(error::guess(request));
    let code = |in_xml, in_json| if xml { in_xml } else { in_json };
    let scope = match scope::read(request) {
        scope::Signing::Signed(scope) => scope,
        scope::Signing::Unsigned => {
            let code = code("MissingAuthenticationToken", "MissingAuthenticationTokenException");
            return Err(Refusal::new(403, code, "Request is missing Authentication Token"));
        }
        scope::Signing::Malformed(message) => {
            let code = code("IncompleteSignature", "IncompleteSignatureException");
            return Err(Refusal::new(400, code, message));
        }
    };
    let wrong = code("SignatureDoesNotMatch", "InvalidSignatureException");
    let Some(service) = known().find(|service| service.scope == scope.service) else {
        let names: Vec<&str> = known().map(|service| service.scope).collect();
        let (names, given) = (names.join(", "), scope.service.escape_debug());
        let message = format!("Credential should be scoped to correct service: one of {names}, not '{given}'.");
        return Err(Refusal::new(403, wrong, message));
    };
    let region = if service.global { GLOBAL_REGION } else { &scope.region };
    let off = !service.global && faults::striking(world, "F34", region).is_some();
    if off || geo::is_off(region) {
        // keys are not known in a Region that is not enabled, so the answer is that of a wrong key
        let status = if xml || service.speaks.first() == Some(&Protocol::RestJson) { 403 } else { 400 };
        let code = code("InvalidClientTokenId", "UnrecognizedClientException");
        return Err(Refusal::new(status, code, "The security token included in the request is invalid."));
    }
    let Some(region) = geo::region(region) else {
        let given = scope.region.escape_debug();
        return Err(Refusal::new(403, wrong, format!("Credential should be scoped to a valid region, not '{given}'.")));
    };
    Ok(Signer { service, region: region.name, access_key: scope.access_key })
}

fn known() -> impl Iterator<Item = &'static Service> {
    #[cfg(test)]
    let more: &[&Service] = tests::SERVICES;
    #[cfg(not(test))]
    let more: &[&Service] = &[];
    services::ALL.iter().chain(more).copied()
}

/// A signed request on its way.
struct Visit<'a> {
    request: &'a Request,
    signer: Signer,
    id: String,
    latency: Duration,
}

impl Visit<'_> {
    fn answer(self, world: &mut World) -> Reply {
        let Signer { service, region, .. } = self.signer;
        let decoded = match wire::decode(service, self.request) {
            Ok(decoded) => decoded,
            Err(_) if faults::silent(world, region, service) => {
                self.record(world, None, Outcome::Hung);
                return Reply::Never;
            }
            Err(refusal) => return self.refuse(world, refusal),
        };
        let effect = faults::on_call(world, region, service, decoded.operation);
        if effect == CallEffect::Hang {
            self.record(world, Some(decoded.operation), Outcome::Hung);
            return Reply::Never;
        }
        let Decoded { operation, protocol, input } = decoded;
        let copy = (effect == CallEffect::Twice).then(|| input.clone());
        let mut answer = self.run(world, operation, input, &effect);
        let lost =
            matches!(effect, CallEffect::AppliedThenReset | CallEffect::AppliedBodyLost | CallEffect::AppliedMalformed);
        self.record(world, Some(operation), self.outcome(&answer, lost));
        if let Some(copy) = copy {
            let unheard = self.run(world, operation, copy, &effect);
            self.record(world, Some(operation), self.outcome(&unheard, true));
        }
        if let (CallEffect::EndedEarly, Ok(doc)) = (&effect, &mut answer) {
            faults::pages::end_early(doc);
        }
        let malformed = effect == CallEffect::AppliedMalformed && answer.is_ok();
        let mut response = self.encode(protocol, Some(operation), answer);
        match effect {
            CallEffect::Slow(delay) => Reply::After(self.latency + delay, response),
            CallEffect::AppliedThenReset => Reply::Reset(self.latency),
            CallEffect::AppliedBodyLost => {
                // the head still tells how long it should have been
                let whole = response.body().len();
                response.headers_mut().insert(CONTENT_LENGTH, whole.into());
                response.body_mut().truncate(whole / 2);
                Reply::After(self.latency, response)
            }
            CallEffect::AppliedMalformed if malformed => {
                *response.body_mut() = faults::MALFORMED.into();
                Reply::After(self.latency, response)
            }
            _ => Reply::After(self.latency, response),
        }
    }

    fn outcome(&self, answer: &Answer<Doc>, lost: bool) -> Outcome {
        match answer {
            Err(refusal) => Outcome::Refused(error::code(Some(self.signer.service), refusal)),
            Ok(_) if lost => Outcome::AnswerLost,
            Ok(_) => Outcome::Done,
        }
    }

    /// Carries the call out, unless a limit or a fault refuses it.
    fn run(&self, world: &mut World, operation: &'static Operation, input: Input, effect: &CallEffect) -> Answer<Doc> {
        let Signer { service, region, ref access_key } = self.signer;
        limits::take(world, region, service, operation.name)?;
        let past = match effect {
            CallEffect::Refuse(refusal) => return Err(refusal.clone()),
            CallEffect::Stale(most) if !image::consistent(operation, &input) => Some(*most),
            _ => None,
        };
        let ask = |world: &mut World| {
            let caller = Caller { region: region.to_string(), principal: access_key.clone(), now: world.now };
            (operation.run)(world, &caller, input)
        };
        let answer = match past {
            Some(most) => image::through(world, most, ask),
            None => ask(world),
        };
        if let Err(refusal) = &answer
            && refusal.code == MISSHAPEN
        {
            let whom = format!("{}.{}", service.scope, operation.name);
            complain(world, self.request, &whom, service.misshapen, &refusal.message);
        }
        answer
    }

    /// What could not be understood is refused before faults and limits are asked.
    fn refuse(&self, world: &mut World, refusal: Refusal) -> Reply {
        let service = self.signer.service;
        let code = error::code(Some(service), &refusal);
        complain(world, self.request, service.scope, code, &refusal.message);
        self.record(world, None, Outcome::Refused(code));
        let protocol = wire::protocol(service, self.request);
        Reply::After(self.latency, self.encode(protocol, None, Err(refusal)))
    }

    fn encode(&self, protocol: Protocol, operation: Option<&Operation>, answer: Answer<Doc>) -> Response {
        let service = self.signer.service;
        let refusal = answer.as_ref().err().cloned();
        let mut response = wire::encode(service, protocol, operation, answer, &self.id);
        if let Some(refusal) = refusal {
            error::note_query_code(self.request, service, &refusal, &mut response);
        }
        response
    }

    /// Into the record of calls; what changes or would change something also into the truth.
    fn record(&self, world: &mut World, operation: Option<&'static Operation>, outcome: Outcome) {
        let Signer { service, region, .. } = self.signer;
        let (at, name) = (world.now, operation.map_or("", |operation| operation.name));
        if operation.is_some_and(|operation| !operation.reads) {
            match outcome {
                Outcome::Done | Outcome::AnswerLost => {
                    world.truth.note(at, "api.call", region, format!("{}.{name}", service.scope));
                }
                Outcome::Refused(code) => {
                    world.truth.note(at, "api.refused", region, format!("{}.{name} {code}", service.scope));
                }
                Outcome::Hung => {}
            }
        }
        let attempt = header(self.request, "amz-sdk-request").split(';').find_map(|part| {
            let (name, value) = part.split_once('=')?;
            if name.trim() == "attempt" { value.trim().parse().ok() } else { None }
        });
        world.calls.push(Call {
            at,
            region,
            service: service.scope,
            operation: name,
            outcome,
            invocation: header(self.request, "amz-sdk-invocation-id").to_string(),
            attempt: attempt.unwrap_or(1),
        });
    }
}

/// One line about a request that could not be understood.
fn complain(world: &mut World, request: &Request, whom: &str, code: &str, message: &str) {
    let (path, message) = (one_line(request.uri().path()), one_line(message));
    world.log.push(format!("{} {} {path} {whom} {code}: {message}", world.now, request.method()));
}

/// A client's own words, cut to size and without what would control a terminal.
fn one_line(text: &str) -> String {
    let quotes = |letter| matches!(letter, '\'' | '"');
    let letters = text.chars().take(LOGGED);
    letters.map(|letter| if quotes(letter) { letter.to_string() } else { letter.escape_debug().to_string() }).collect()
}

#[cfg(test)]
mod tests;
