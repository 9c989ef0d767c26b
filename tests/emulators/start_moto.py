"""Starts moto's server on 127.0.0.1: python start_moto.py PORT

What of moto 5.2 nobody's template could be deployed on is mended here, and nothing else:

- Its CloudFormation hands the tags of AWS::KMS::Key to its KMS by CloudFormation's names; KMS stumbles over them.
- It does not resolve what Fn::GetAZs is given.
- It looks for both VPCs of AWS::EC2::VPCPeeringConnection in one Region.
"""
import sys

from moto.cloudformation import parsing
from moto.ec2.models import ec2_backends
from moto.ec2.models.vpc_peering_connections import VPCPeeringConnection
from moto.kms.models import KmsBackend
from moto.server import main

create = KmsBackend.create_key


def create_key(self, *arguments, **named):
    tags = named.get("tags") or []
    named["tags"] = [{"TagKey": tag.get("TagKey", tag.get("Key")), "TagValue": tag.get("TagValue", tag.get("Value"))}
                     for tag in tags]
    return create(self, *arguments, **named)


clean = parsing.clean_json


def clean_json(source, resources):
    if isinstance(source, dict) and "Fn::GetAZs" in source:
        source = {"Fn::GetAZs": clean(source["Fn::GetAZs"], resources)}
    return clean(source, resources)


def peer(cls, _, template, account_id, region_name, **__):
    asked = template["Properties"]
    here, there = (ec2_backends[account_id][region] for region in (region_name, asked.get("PeerRegion", region_name)))
    made = here.create_vpc_peering_connection(here.get_vpc(asked["VpcId"]), there.get_vpc(asked["PeerVpcId"]))
    there.accept_vpc_peering_connection(made.id)
    return made


VPCPeeringConnection.create_from_cloudformation_json = classmethod(peer)
KmsBackend.create_key = create_key
parsing.clean_json = clean_json

if __name__ == "__main__":
    main(["-H", "127.0.0.1", "-p", sys.argv[1]])
