"""What a stack costs a month, added up by itself: sum.py PLAN.json CONFIG.toml PRICES.toml

Reads which resources a plan has, what the configuration says of them, and the prices; prints the sum in US dollars.
Knows nothing of how Tandem counts."""

import json
import re
import sys
import tomllib
from decimal import Decimal

plan = json.load(open(sys.argv[1]))
config = tomllib.load(open(sys.argv[2], "rb"), parse_float=Decimal)
prices = tomllib.load(open(sys.argv[3], "rb"), parse_float=Decimal)

app = config.get("app", {})
hours = prices["hours"]
everywhere = prices["everywhere"]
sites = {region["name"]: region for region in config["regions"]}
INTERFACE_ENDPOINTS = 5  # ecr.api, ecr.dkr, logs, secretsmanager, sts
SIZES = {"large": 1, "xlarge": 2, "2xlarge": 4, "4xlarge": 8, "8xlarge": 16, "12xlarge": 24, "16xlarge": 32}


def of(region):
    return prices["regions"].get(region, prices["regions"]["us-east-1"])


def network(region):
    """Hourly."""
    site = sites[region]
    zones = site.get("zones", 3)
    if "vpc" in site:
        return Decimal(0)
    nat = site.get("nat", "per-zone")
    if nat == "none":
        return zones * INTERFACE_ENDPOINTS * of(region)["endpoint"]
    gateways = zones if nat == "per-zone" else 1
    return gateways * (of(region)["nat"] + everywhere["ipv4"])


def balancer(region):
    """Hourly."""
    site = sites[region]
    addresses = len(site["public_subnets"]) if "vpc" in site else site.get("zones", 3)
    return of(region)["alb"] + addresses * everywhere["ipv4"]


def tasks(region):
    """Hourly."""
    vcpu = Decimal(app.get("cpu", 1024)) / 1024
    gb = Decimal(app.get("memory", 2048)) / 1024
    return app.get("desired", 3) * (vcpu * of(region)["fargate_vcpu"] + gb * of(region)["fargate_gb"])


def watcher(region):
    """Hourly: the smallest task, with an address."""
    rates = of(region)
    return rates["fargate_vcpu"] / 4 + rates["fargate_gb"] / 2 + everywhere["ipv4"]


def instance(region):
    """Hourly."""
    _, family, size = config.get("database", {}).get("class", "db.r6g.large").split(".")
    return of(region)["aurora"][family] * SIZES[size]


def check(asked, matches):
    """Monthly."""
    options = 1 + ("certificate" in sites[asked]) + matches
    return everywhere["check"] + options * everywhere["check_option"]


def cost(resource):
    kind, _, last = resource["id"].rpartition("/")
    region = resource["region"]
    match resource["service"], last:
        case "cloudformation", "base":
            return hours * network(region) + everywhere["key"]
        case "elbv2", "alb":
            return hours * balancer(region)
        case "ecs", "service":
            return hours * tasks(region)
        case "ecs", "watch-service":
            return hours * watcher(region)
        case "cloudwatch", "watch-alarm":
            return everywhere["alarm"] + everywhere["metric"]
        case "rds", last if re.fullmatch(r"db-\d+", last):
            return hours * instance(region)
        case "secretsmanager", _:
            return everywhere["secret"]
        case "application-autoscaling", "scaling-policy":
            return 2 * everywhere["alarm"]
        case "cloudwatch", "dashboard":
            return everywhere["dashboard"]
        case "cloudwatch", "alarms":
            return len(resource["name"].split(",")) * everywhere["alarm"]
        case "route53", "health":
            return everywhere["calculated_check"]
        case "route53", "check-endpoint":
            return check(kind, False)
        case "route53", last if last.startswith("check-switch-"):
            return check(last.removeprefix("check-switch-"), True)
    return Decimal(0)


print(f"{sum(cost(resource) for resource in plan['resources']):.2f}")
