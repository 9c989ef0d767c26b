//! Until when the credentials live that calls are signed with. They are got and renewed by the SDK's own
//! chain; what it hands out is only noted as it goes by, so that no further call is made for it.

use aws_credential_types::Credentials;
use aws_credential_types::provider::future::ProvideCredentials as Provided;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use jiff::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};

/// When the credentials run out that were handed out last; none for those that do not.
#[derive(Debug, Clone, Default)]
pub(super) struct Expiry(Arc<Mutex<Option<Timestamp>>>);

impl Expiry {
    pub fn get(&self) -> Option<Timestamp> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, credentials: &Credentials) {
        let expires = credentials.expiry().and_then(|at| Timestamp::try_from(at).ok());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = expires;
    }
}

/// A provider whose credentials are noted as they go by.
#[derive(Debug)]
struct Noting {
    inner: SharedCredentialsProvider,
    expiry: Expiry,
}

impl ProvideCredentials for Noting {
    fn provide_credentials<'a>(&'a self) -> Provided<'a>
    where
        Self: 'a,
    {
        Provided::new(async move {
            let credentials = self.inner.provide_credentials().await?;
            self.expiry.note(&credentials);
            Ok(credentials)
        })
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.inner.fallback_on_interrupt()
    }
}

/// The same provider, and where it notes the expiry.
pub(super) fn noting(inner: SharedCredentialsProvider) -> (SharedCredentialsProvider, Expiry) {
    let expiry = Expiry::default();
    (SharedCredentialsProvider::new(Noting { inner, expiry: expiry.clone() }), expiry)
}

/// What is typed in a shell to sign in again.
pub(super) fn login(profile: Option<&str>) -> String {
    match profile {
        Some(profile) => {
            let profile = crate::model::text::clean(profile);
            format!("aws sso login --profile {}", crate::model::call::quoted(&profile))
        }
        None => "aws sso login".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, SystemTime};

    /// Hands out hourly credentials twice, then what never runs out.
    #[derive(Debug, Default)]
    struct Hourly(AtomicUsize);

    impl ProvideCredentials for Hourly {
        fn provide_credentials<'a>(&'a self) -> Provided<'a>
        where
            Self: 'a,
        {
            let hour = self.0.fetch_add(1, Ordering::SeqCst) as u64 + 1;
            let expires = (hour < 3).then(|| SystemTime::UNIX_EPOCH + Duration::from_secs(hour * 3600));
            Provided::ready(Ok(Credentials::new("AKIDEXAMPLE", "secret", None, expires, "test")))
        }
    }

    #[tokio::test]
    async fn the_expiry_is_that_of_the_credentials_handed_out_last() {
        let (provider, expiry) = noting(SharedCredentialsProvider::new(Hourly::default()));
        assert_eq!(expiry.get(), None, "none was handed out");
        for wanted in [Some(3600), Some(7200), None] {
            let credentials = provider.provide_credentials().await.unwrap();
            assert_eq!(credentials.access_key_id(), "AKIDEXAMPLE");
            assert_eq!(expiry.get().map(|at| at.as_second()), wanted);
        }
    }

    #[test]
    fn who_signs_in_again_is_told_the_profile() {
        assert_eq!(login(None), "aws sso login");
        assert_eq!(login(Some("shop")), "aws sso login --profile shop");
        assert_eq!(login(Some("my shop")), "aws sso login --profile 'my shop'");
    }
}
