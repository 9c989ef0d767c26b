//! An image in Amazon ECR.

use crate::cloud::Aws;
use crate::cloud::error::call_error;
use crate::model::outcome::{CallError, ErrorClass};
use aws_sdk_ecr::types::ImageIdentifier;

/// Where an image is, as its name tells: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-web:1.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcrImage {
    pub account: String,
    pub region: String,
    pub repository: String,
    /// A tag, or a digest that begins with `sha256:`.
    pub version: String,
}

impl EcrImage {
    /// `None` for an image of any other registry.
    pub fn read(name: &str) -> Option<Self> {
        let (host, path) = name.split_once('/')?;
        let (account, rest) = host.split_once(".dkr.ecr.")?;
        let region = rest.strip_suffix(".amazonaws.com")?;
        let (repository, version) = match path.split_once('@') {
            // a tag before a digest says nothing
            Some((path, digest)) => (path.split(':').next().unwrap_or(path), digest),
            None => path.split_once(':').unwrap_or((path, "latest")),
        };
        let own = |text: &str| text.to_string();
        Some(Self { account: own(account), region: own(region), repository: own(repository), version: own(version) })
    }
}

/// Whether the Region's registry has the image.
///
/// # Errors
/// As the call ends; that there is no such repository or image is none.
pub async fn image(aws: &Aws, region: &str, of: &EcrImage) -> Result<bool, CallError> {
    let id = ImageIdentifier::builder();
    let id = if of.version.starts_with("sha256:") { id.image_digest(&of.version) } else { id.image_tag(&of.version) };
    let call = aws.regional(region)?.ecr.describe_images().registry_id(&of.account);
    match call.repository_name(&of.repository).image_ids(id.build()).send().await.map_err(call_error) {
        Ok(found) => Ok(!found.image_details().is_empty()),
        Err(error) if error.class == ErrorClass::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_registry() {
        let read = |name: &str| {
            EcrImage::read(name).map(|one| format!("{} {} {} {}", one.account, one.region, one.repository, one.version))
        };
        let host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
        assert_eq!(read(&format!("{host}/shop/web:1.0")).unwrap(), "123456789012 eu-west-1 shop/web 1.0");
        assert_eq!(read(&format!("{host}/web")).unwrap(), "123456789012 eu-west-1 web latest");
        assert_eq!(read(&format!("{host}/web:1@sha256:ab")).unwrap(), "123456789012 eu-west-1 web sha256:ab");
        assert_eq!(read("public.ecr.aws/nginx/nginx:1"), None);
        assert_eq!(read("nginx"), None);
    }
}
