"""Quotas and images through boto3: what an account may have, and what its registries hold."""
from tools import PEER, REGION, bad, client, control, expect, good

quotas, elsewhere, registry = client("service-quotas"), client("service-quotas", PEER), client("ecr")
VCPUS = dict(ServiceCode="fargate", QuotaCode="L-3032A538")
CHECKS = dict(ServiceCode="route53", QuotaCode="L-ACB674F3")
MISSING = dict(ServiceCode="fargate", QuotaCode="L-00000000")


def everything():
    listed = good(quotas, "list_service_quotas", ServiceCode="vpc", MaxResults=1)
    rest = good(quotas, "list_service_quotas", ServiceCode="vpc", NextToken=listed["NextToken"])
    codes = [one["QuotaCode"] for one in listed["Quotas"] + rest["Quotas"]]
    expect("quotas of VPCs", codes, ["L-F678F1CE", "L-FE5A380F"])
    bad(quotas, "list_service_quotas", "NoSuchResourceException", ServiceCode="nothing")
    expect("vCPUs", good(quotas, "get_service_quota", **VCPUS)["Quota"]["Value"], 1000.0)
    expect("usual vCPUs", good(quotas, "get_aws_default_service_quota", **VCPUS)["Quota"]["Value"], 6.0)
    bad(quotas, "get_service_quota", "NoSuchResourceException", **MISSING)
    bad(quotas, "get_aws_default_service_quota", "NoSuchResourceException", **MISSING)
    expect("health checks", good(quotas, "get_service_quota", **CHECKS)["Quota"]["GlobalQuota"], True)
    bad(elsewhere, "get_service_quota", "NoSuchResourceException", **CHECKS)
    fault = control("POST", "/_sim/faults", {"kind": "F32", "region": REGION, "quota": "L-3032A538", "value": 4})
    expect("fewer vCPUs", good(quotas, "get_service_quota", **VCPUS)["Quota"]["Value"], 4.0)
    control("DELETE", f"/_sim/faults/{fault['id']}")
    images()


def images():
    good(registry, "describe_repositories")
    told = good(registry, "describe_repositories", repositoryNames=["shop-web"])["repositories"][0]
    expect("the registry", told["repositoryUri"], "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop-web")
    bad(registry, "describe_repositories", "InvalidParameterException", repositoryNames=["No Repository"])
    found = good(registry, "describe_images", repositoryName="shop-web", imageIds=[{"imageTag": "1.0"}])["imageDetails"]
    expect("tags", found[0]["imageTags"], ["1.0"])
    good(registry, "describe_images", repositoryName="shop-web", imageIds=[{"imageDigest": found[0]["imageDigest"]}])
    good(registry, "describe_images", repositoryName="shop-web")
    bad(registry, "describe_images", "RepositoryNotFoundException", repositoryName="shop-web", registryId="999999999999")
    fault = control("POST", "/_sim/faults", {"kind": "F33", "region": REGION})
    bad(registry, "describe_images", "ImageNotFoundException", repositoryName="shop-web", imageIds=[{"imageTag": "1.0"}])
    control("DELETE", f"/_sim/faults/{fault['id']}")
