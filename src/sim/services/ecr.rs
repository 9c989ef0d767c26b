//! Amazon ECR over awsJson1_1. Nobody pushes images in this world, so whatever is asked for by name is there, in
//! every Region, unless a fault takes it away; what is listed is what task definitions name.
#![allow(non_snake_case, reason = "members are spelt as AWS spells them")]

use crate::faults;
use crate::operation::{Answer, Caller, Protocol, Refusal, Service};
use crate::operations;
use crate::paging;
use crate::world::{ACCOUNT, World, hex_id};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

pub const ECR: Service = Service {
    scope: "ecr",
    speaks: &[Protocol::Json { target: "AmazonEC2ContainerRegistry_V20150921", version: "1.1" }],
    items: &[],
    misshapen: "InvalidParameterException",
    global: false,
    operations: operations![
        DescribeRepositories => repositories, reads;
        DescribeImages => images, reads;
    ],
};

#[derive(Deserialize)]
struct Repositories {
    registryId: Option<String>,
    repositoryNames: Option<Vec<String>>,
    nextToken: Option<String>,
    maxResults: Option<usize>,
}

#[derive(Serialize)]
struct Repository {
    repositoryArn: String,
    registryId: &'static str,
    repositoryName: String,
    repositoryUri: String,
    createdAt: f64,
    imageTagMutability: &'static str,
}

#[derive(Serialize)]
struct RepositoriesTold {
    repositories: Vec<Repository>,
    nextToken: Option<String>,
}

#[derive(Deserialize)]
struct Images {
    registryId: Option<String>,
    repositoryName: String,
    imageIds: Option<Vec<ImageId>>,
    nextToken: Option<String>,
    maxResults: Option<usize>,
}

#[derive(Deserialize)]
struct ImageId {
    imageDigest: Option<String>,
    imageTag: Option<String>,
}

#[derive(Serialize)]
struct Image {
    registryId: &'static str,
    repositoryName: String,
    imageDigest: String,
    imageTags: Vec<String>,
    imageSizeInBytes: u64,
    imagePushedAt: f64,
}

#[derive(Serialize)]
struct ImagesTold {
    imageDetails: Vec<Image>,
    nextToken: Option<String>,
}

/// The size of every image, bytes (assumed).
const SIZE: u64 = 48 << 20;
/// Of both lists (ECR API Reference, DescribeImages).
const PAGE: usize = 100;

fn repositories(world: &mut World, caller: &Caller, ask: Repositories) -> Answer<RepositoriesTold> {
    let names: Vec<String> = match ask.repositoryNames {
        Some(names) => names,
        None => named(world, &caller.region).into_keys().collect(),
    };
    for name in &names {
        known(ask.registryId.as_deref(), name)?;
    }
    let size = ask.maxResults.unwrap_or(PAGE).clamp(1, 1000);
    let token = ask.nextToken.as_deref();
    let (page, next) = paging::page(names, String::clone, token, size, "InvalidParameterException")?;
    let repository = |name: String| Repository {
        repositoryArn: format!("arn:aws:ecr:{}:{ACCOUNT}:repository/{name}", caller.region),
        registryId: ACCOUNT,
        repositoryUri: format!("{ACCOUNT}.dkr.ecr.{}.amazonaws.com/{name}", caller.region),
        repositoryName: name,
        createdAt: world.began.seconds(),
        imageTagMutability: "IMMUTABLE",
    };
    Ok(RepositoriesTold { repositories: page.into_iter().map(repository).collect(), nextToken: next })
}

fn images(world: &mut World, caller: &Caller, ask: Images) -> Answer<ImagesTold> {
    let name = ask.repositoryName;
    known(ask.registryId.as_deref(), &name)?;
    let lacking = faults::striking(world, "F33", &caller.region).is_some();
    let found: Vec<(String, Vec<String>)> = match ask.imageIds {
        None if lacking => vec![],
        None => {
            let tags = named(world, &caller.region).remove(&name).unwrap_or_default();
            tags.into_iter().map(|tag| (digest(&name, &tag), vec![tag])).collect()
        }
        Some(ids) => ids.into_iter().map(|id| one(id, &name, lacking)).collect::<Answer<_>>()?,
    };
    let size = ask.maxResults.unwrap_or(PAGE).clamp(1, 1000);
    let token = ask.nextToken.as_deref();
    let (page, next) = paging::page(found, |(digest, _)| digest.clone(), token, size, "InvalidParameterException")?;
    let image = |(imageDigest, imageTags)| Image {
        registryId: ACCOUNT,
        repositoryName: name.clone(),
        imageDigest,
        imageTags,
        imageSizeInBytes: SIZE,
        imagePushedAt: world.began.seconds(),
    };
    Ok(ImagesTold { imageDetails: page.into_iter().map(image).collect(), nextToken: next })
}

fn one(id: ImageId, repository: &str, lacking: bool) -> Answer<(String, Vec<String>)> {
    let found = match (&id.imageDigest, &id.imageTag) {
        (Some(given), tag) => (given.clone(), tag.iter().cloned().collect()),
        (None, Some(tag)) => (digest(repository, tag), vec![tag.clone()]),
        (None, None) => {
            let why =
                "Invalid parameter at 'imageIds' failed to satisfy constraint: 'must have imageDigest or imageTag'";
            return Err(Refusal::new(400, "InvalidParameterException", why));
        }
    };
    // a tag that tasks of this world cannot pull is in no registry
    if lacking || id.imageTag.as_deref() == Some("unpullable") {
        let word = |text: Option<String>| text.unwrap_or_else(|| "null".into());
        let (digest, tag) = (word(id.imageDigest), word(id.imageTag));
        let why = format!(
            "The image with imageId {{imageDigest:'{digest}', imageTag:'{tag}'}} does not exist within the repository with name '{repository}' in the registry with id '{ACCOUNT}'"
        );
        return Err(Refusal::new(400, "ImageNotFoundException", why));
    }
    Ok(found)
}

/// Refuses a name that no repository can have, and every one of another account.
fn known(registry: Option<&str>, name: &str) -> Answer<()> {
    let fine = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_./".contains(letter);
    if !(2..=256).contains(&name.len()) || !name.chars().all(fine) {
        let why = "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''";
        return Err(Refusal::new(400, "InvalidParameterException", why));
    }
    match registry {
        Some(other) if other != ACCOUNT => {
            let why = format!("The repository with name '{name}' does not exist in the registry with id '{other}'");
            Err(Refusal::new(400, "RepositoryNotFoundException", why))
        }
        _ => Ok(()),
    }
}

/// The repositories of this registry that task definitions of the Region name, with the tags.
fn named(world: &World, region: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let registry = format!("{ACCOUNT}.dkr.ecr.{region}.amazonaws.com/");
    let definitions = world.ecs.get(region).into_iter().flat_map(|ecs| ecs.definitions.values());
    for definition in definitions.flat_map(BTreeMap::values) {
        for image in definition.containers.iter().map(|container| &container.image) {
            let Some(path) = image.strip_prefix(&registry) else { continue };
            if let Some((name, tag)) = path.split_once(':').filter(|(name, _)| !name.contains('@')) {
                found.entry(name.into()).or_default().insert(tag.into());
            }
        }
    }
    found
}

/// Of an image that was never pushed.
fn digest(repository: &str, tag: &str) -> String {
    format!("sha256:{}", hex_id(&["image", repository, tag], 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::{Doc, Input};
    use crate::faults::FaultSpec;
    use crate::ready::{self, Shape};
    use serde_json::json;

    fn call(world: &mut World, operation: &str, ask: Doc) -> Answer<Doc> {
        let caller = Caller { region: "eu-west-1".into(), principal: "AKIA".into(), now: world.now };
        let found = ECR.operations.iter().find(|known| known.name == operation);
        (found.expect("it is spoken").run)(world, &caller, Input::Typed(ask))
    }

    #[test]
    fn whatever_is_asked_for_is_there_unless_a_fault_takes_it_away() {
        let mut world = World::empty(1);
        let ask = || json!({ "repositoryName": "shop-web", "imageIds": [{ "imageTag": "1.0" }] });
        let told = call(&mut world, "DescribeImages", ask()).expect("it is there");
        assert_eq!(told["imageDetails"][0]["imageTags"], json!(["1.0"]));
        let bad = json!({ "repositoryName": "shop-web", "imageIds": [{ "imageTag": "unpullable" }] });
        assert_eq!(
            call(&mut world, "DescribeImages", bad).expect_err("no task pulls it").code,
            "ImageNotFoundException"
        );
        let fault = FaultSpec { kind: "F33".into(), region: Some("eu-west-1".into()), ..FaultSpec::default() };
        faults::start(&mut world, fault).expect("it begins");
        let refused = call(&mut world, "DescribeImages", ask()).expect_err("it is gone");
        assert_eq!(refused.code, "ImageNotFoundException");
    }

    #[test]
    fn what_is_listed_is_what_tasks_are_made_of() {
        let mut world = ready::world(1, &Shape::default()).expect("it stands");
        let told = call(&mut world, "DescribeRepositories", json!({})).expect("they are told");
        assert_eq!(told["repositories"][0]["repositoryName"], "shop-web");
        let told = call(&mut world, "DescribeImages", json!({ "repositoryName": "shop-web" })).expect("they are told");
        assert_eq!(told["imageDetails"][0]["imageTags"], json!(["1.0"]));
    }
}
