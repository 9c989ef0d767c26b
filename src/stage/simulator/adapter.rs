//! The SDK's HTTP port: signed requests in, the world's reply carried out in the world's time.

use super::Simulator;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http::Response;
use http::header::CONTENT_LENGTH;
use std::fmt;
use std::time::Duration;
use tandem_sim::Reply;

/// An HTTP client whose other end is a world.
#[derive(Clone)]
pub struct InProcess {
    simulator: Simulator,
    read_timeout: Option<Duration>,
}

impl InProcess {
    pub fn new(simulator: Simulator) -> Self {
        Self { simulator, read_timeout: None }
    }

    /// The same, giving up reads after this long.
    pub(super) fn within(&self, read_timeout: Option<Duration>) -> Self {
        Self { simulator: self.simulator.clone(), read_timeout }
    }

    async fn exchange(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
        let request = request.map(|body| body.bytes().unwrap_or_default().to_vec());
        self.carry_out(self.simulator.handle(&request)).await
    }

    /// Slow, broken or silent, as the reply says, but never longer than a read may take.
    pub(super) async fn carry_out(&self, reply: Reply) -> Result<HttpResponse, ConnectorError> {
        match reply {
            Reply::After(wait, response) => {
                self.wait(wait).await?;
                whole(&response)?;
                let response = response.map(SdkBody::from);
                HttpResponse::try_from(response).map_err(|error| ConnectorError::user(error.into()))
            }
            Reply::Reset(wait) => {
                self.wait(wait).await?;
                Err(ConnectorError::io("connection reset by peer".into()))
            }
            Reply::Never => {
                self.wait(Duration::MAX).await?;
                std::future::pending().await
            }
        }
    }

    async fn wait(&self, wait: Duration) -> Result<(), ConnectorError> {
        match self.read_timeout {
            Some(limit) if wait > limit => {
                self.simulator.clock().sleep(limit).await;
                Err(ConnectorError::timeout(format!("no answer within {limit:?}").into()))
            }
            _ => {
                self.simulator.clock().sleep(wait).await;
                Ok(())
            }
        }
    }
}

/// As a connection tells it: its answer ended before it should have.
fn whole(response: &Response<Vec<u8>>) -> Result<(), ConnectorError> {
    let told = response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let (told, came) = (told.unwrap_or(response.body().len()), response.body().len());
    if came < told {
        return Err(ConnectorError::io(format!("the answer ended after {came} of {told} bytes").into()));
    }
    Ok(())
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").field("read_timeout", &self.read_timeout).finish_non_exhaustive()
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().exchange(request))
    }
}

impl HttpClient for InProcess {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.within(settings.read_timeout()))
    }
}
