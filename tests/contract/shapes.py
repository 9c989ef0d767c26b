"""Checks recorded answers against the service models that botocore ships: python shapes.py RECORDING.jsonl

For each exchange: service and operation from the wire alone; the status that the model gives; an error code
that the model (or every AWS service) knows, in the form of the protocol; a body in which every element is a
member, every required member is there, lists and maps have their element names, and every scalar has its type.
Prints a line an exchange, `service.Operation ok|error CODE`, then what is wrong; exits 1 if anything is.
"""
import base64
import gzip
import json
import re
import sys
import xml.etree.ElementTree as ET
from urllib.parse import parse_qs, urlsplit

import botocore.parsers
import botocore.session
from botocore.model import ServiceModel

LOADER = botocore.session.get_session().get_component("data_loader")
SIGNS = {"sts": "sts", "ecs": "ecs", "elasticloadbalancing": "elbv2", "application-autoscaling": "application-autoscaling",
         "route53": "route53", "monitoring": "cloudwatch", "rds": "rds", "rds-data": "rds-data", "dynamodb": "dynamodb",
         "cloudformation": "cloudformation", "secretsmanager": "secretsmanager", "servicequotas": "service-quotas",
         "ecr": "ecr"}
# Codes that any operation may answer (each service's "Common errors" page).
COMMON = {"ExpiredToken", "ExpiredTokenException", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
          "Throttling", "ThrottlingException", "ValidationError", "ValidationException", "InvalidParameterValue",
          "InvalidParameterCombination", "MissingParameter", "SerializationException", "InternalFailure",
          "ServiceUnavailable", "UnknownOperationException", "InvalidAction", "AccessDenied", "AccessDeniedException"}
# Must-have members where the model marks none: what AWS always sends, by service and shape.
MUST = {"elbv2": {
    "LoadBalancer": ["LoadBalancerArn", "DNSName", "CanonicalHostedZoneId", "CreatedTime", "LoadBalancerName", "Scheme",
                     "VpcId", "State", "Type", "AvailabilityZones", "SecurityGroups", "IpAddressType"],
    "TargetGroup": ["TargetGroupArn", "TargetGroupName", "Protocol", "Port", "VpcId", "HealthCheckProtocol",
                    "HealthCheckPort", "HealthCheckEnabled", "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds",
                    "HealthyThresholdCount", "UnhealthyThresholdCount", "HealthCheckPath", "Matcher", "TargetType",
                    "ProtocolVersion", "IpAddressType"],
    "Listener": ["ListenerArn", "LoadBalancerArn", "Port", "Protocol", "DefaultActions"],
    "Rule": ["RuleArn", "Priority", "Conditions", "Actions", "IsDefault"],
    "TargetHealthDescription": ["Target", "HealthCheckPort", "TargetHealth"],
    "TargetHealth": ["State"],
    "LoadBalancerState": ["Code"],
    "AvailabilityZone": ["ZoneName", "SubnetId"],
}, "rds": {
    "GlobalCluster": ["GlobalClusterIdentifier", "GlobalClusterResourceId", "GlobalClusterArn", "Status", "Engine",
                      "EngineVersion", "StorageEncrypted", "DeletionProtection", "GlobalClusterMembers"],
    "GlobalClusterMember": ["DBClusterArn", "Readers", "IsWriter"],
    "FailoverState": ["Status", "FromDbClusterArn", "ToDbClusterArn", "IsDataLossAllowed"],
    "DBCluster": ["DBClusterIdentifier", "DBClusterArn", "DbClusterResourceId", "Status", "Engine", "EngineVersion", "Endpoint",
                  "ReaderEndpoint", "Port", "MultiAZ", "DBClusterMembers", "VpcSecurityGroups", "AvailabilityZones",
                  "BackupRetentionPeriod", "StorageEncrypted", "DeletionProtection", "HttpEndpointEnabled",
                  "ClusterCreateTime", "DBSubnetGroup", "DBClusterParameterGroup"],
    "DBClusterMember": ["DBInstanceIdentifier", "IsClusterWriter", "PromotionTier"],
    "DBInstance": ["DBInstanceIdentifier", "DBInstanceArn", "DbiResourceId", "DBInstanceClass", "DBInstanceStatus", "Engine",
                   "EngineVersion", "DBClusterIdentifier", "StorageEncrypted"],
    "DBClusterSnapshot": ["DBClusterSnapshotIdentifier", "DBClusterSnapshotArn", "DBClusterIdentifier", "Status",
                          "SnapshotType", "Engine", "EngineVersion"],
    "Event": ["SourceIdentifier", "SourceType", "Message", "EventCategories", "Date", "SourceArn"],
}}
# Values that AWS's own pages document beside the model's enum (RDS API Reference, FailoverState).
DOCUMENTED = {"FailoverStatus": {"switching-over"}}
MODELS = {}


def model(name):
    if name not in MODELS:
        MODELS[name] = ServiceModel(LOADER.load_service_model(name, "service-2"), name)
    return MODELS[name]


def identify(request, headers, body):
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request", headers.get("authorization", ""))
    if not scope or scope[1] not in SIGNS:
        return None, None, None
    service = model(SIGNS[scope[1]])
    path = urlsplit(request["url"]).path
    if headers.get("smithy-protocol") == "rpc-v2-cbor":
        return service, path.rsplit("/", 1)[1], "smithy-rpc-v2-cbor"
    if "x-amz-target" in headers:
        return service, headers["x-amz-target"].split(".")[-1], "json"
    if service.service_name in ("route53", "rds-data"):
        for name in service.operation_names:
            http = service.operation_model(name).http
            wanted = re.sub(r"\{\w+\+?\}", "[^/]+", http["requestUri"].split("?")[0].rstrip("/"))
            if http["method"] == request["method"] and re.fullmatch(wanted, path.rstrip("/")):
                return service, name, service.metadata["protocol"]
        return service, None, service.metadata["protocol"]
    return service, parse_qs(body.decode("utf-8", "replace")).get("Action", [None])[0], "query"


class Answer:
    def __init__(self, service):
        self.wrong = []
        self.always = MUST.get(service, {})

    def say(self, where, what):
        self.wrong.append(f"{where}: {what}")

    def must(self, shape, present, where):
        for name in set(shape.required_members) | set(self.always.get(shape.name, [])):
            if name not in present and shape.members[name].serialization.get("location") is None:
                self.say(f"{where}.{name}", f"must-have member of {shape.name} is missing")

    def tree(self, shape, value, where, cbor):
        """JSON and CBOR say what is a number."""
        kind = shape.type_name
        if kind == "structure":
            if not isinstance(value, dict):
                return self.say(where, f"{type(value).__name__} is no structure")
            self.must(shape, value, where)
            for name, member in value.items():
                if name in shape.members:
                    self.tree(shape.members[name], member, f"{where}.{name}", cbor)
                else:
                    self.say(f"{where}.{name}", f"is no member of {shape.name}")
        elif kind == "list":
            if not isinstance(value, list):
                return self.say(where, f"{type(value).__name__} is no list")
            for item in value:
                self.tree(shape.member, item, f"{where}[]", cbor)
        elif kind == "map":
            for item in value.values():
                self.tree(shape.value, item, f"{where}{{}}", cbor)
        else:
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            right = {"string": isinstance(value, str), "boolean": isinstance(value, bool),
                     "integer": number and int(value) == value, "long": number and int(value) == value,
                     "float": number, "double": number,
                     "timestamp": number or (cbor and hasattr(value, "timestamp"))}.get(kind, True)
            if not right:
                self.say(where, f"{value!r} is no {kind}")
            elif kind == "string" and shape.enum and value not in shape.enum:
                self.say(where, f"{value!r} is none of the model's values")

    def xml(self, shape, node, where):
        kind = shape.type_name
        tag = lambda element: element.tag.rsplit("}", 1)[-1]
        if kind == "structure":
            names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
            for name, member in shape.members.items():
                if member.type_name == "list" and member.serialization.get("flattened"):
                    names[member.member.serialization.get("name", name)] = name
            seen = [names.get(tag(child)) for child in node]
            self.must(shape, seen, where)
            for child, name in zip(node, seen):
                if name is None:
                    self.say(f"{where}.{tag(child)}", f"is no member of {shape.name}")
                elif shape.members[name].serialization.get("flattened"):
                    self.xml(shape.members[name].member, child, f"{where}.{name}")
                else:
                    self.xml(shape.members[name], child, f"{where}.{name}")
        elif kind == "list":
            wanted = shape.member.serialization.get("name", "member")
            for child in node:
                if tag(child) != wanted:
                    self.say(where, f"item <{tag(child)}>, the model says <{wanted}>")
                self.xml(shape.member, child, f"{where}[]")
        elif kind == "map":
            for entry in node:
                for child in entry:
                    if tag(child) not in ("key", "value"):
                        self.say(where, f"map entry has <{tag(child)}>")
        else:
            text = node.text or ""
            forms = {"boolean": r"true|false", "integer": r"-?\d+", "long": r"-?\d+", "float": r"-?[\d.eE+-]+",
                     "double": r"-?[\d.eE+-]+", "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"}
            if kind in forms and not re.fullmatch(forms[kind], text):
                self.say(where, f"{text!r} is no {kind}")
            elif kind == "string" and shape.enum and text not in shape.enum and text not in DOCUMENTED.get(shape.name, ()):
                self.say(where, f"{text!r} is none of the model's values")


def check(exchange):
    request, response = exchange["request"], exchange["response"]
    headers = {k.lower(): v for k, v in request["headers"].items()}
    got = {k.lower(): v for k, v in response["headers"].items()}
    body = base64.b64decode(response["body"])
    sent = base64.b64decode(request["body"])
    sent = gzip.decompress(sent) if headers.get("content-encoding") == "gzip" else sent
    service, name, protocol = identify(request, headers, sent)
    answer = Answer(service and service.service_name)
    if service is None or name not in (service.operation_names if service else []):
        answer.say("request", "service or operation cannot be told from the wire")
        return str(service and service.service_name), str(name), "unknown", answer.wrong
    operation = service.operation_model(name)
    if "x-amzn-requestid" not in got and "x-amz-request-id" not in got:
        answer.say("headers", "no request id")
    parser = botocore.parsers.create_parser(protocol)
    try:
        parsed = parser.parse({"status_code": response["status"], "headers": got, "body": body}, operation.output_shape)
    except botocore.parsers.ResponseParserError as error:
        answer.say("body", f"cannot be parsed: {error}")
        return service.service_name, name, "unparsable", answer.wrong
    if response["status"] >= 300:
        code = parsed.get("Error", {}).get("Code", "")
        known = {s.error_code: s for s in operation.error_shapes}
        legacy = {s.name for s in operation.error_shapes}
        if code not in known and code not in COMMON and code not in legacy:
            answer.say("error", f"{code!r} is none of {sorted(known)}")
        elif code in known:
            status = known[code].metadata.get("error", {}).get("httpStatusCode")
            if status and status != response["status"]:
                answer.say("error", f"{code} with status {response['status']}, the model says {status}")
        if not parsed.get("Error", {}).get("Message"):
            answer.say("error", "no message")
        return service.service_name, name, f"error {code}", answer.wrong
    if response["status"] != operation.http.get("responseCode", 200):
        answer.say("status", f"{response['status']}, the model says {operation.http.get('responseCode', 200)}")
    shape = operation.output_shape
    if shape is not None:
        where = name
        if protocol in ("json", "rest-json"):
            answer.tree(shape, json.loads(body or b"{}"), where, False)
        elif protocol == "smithy-rpc-v2-cbor":
            class Cbor(botocore.parsers.BaseCBORParser):
                pass
            cbor = Cbor()
            answer.tree(shape, cbor.parse_data_item(cbor.get_peekable_stream_from_bytes(body)) if body else {}, where, True)
        else:
            root = ET.fromstring(body) if body.strip() else ET.Element("empty")
            if protocol == "query":
                wrapper = shape.serialization.get("resultWrapper")
                if root.tag.rsplit("}", 1)[-1] != name + "Response" or root[0].tag.rsplit("}", 1)[-1] != wrapper:
                    answer.say("body", f"is not <{name}Response><{wrapper}>")
                root = root[0]
            for member, inner in shape.members.items():
                if inner.serialization.get("location") == "header" and inner.serialization["name"].lower() not in got:
                    if member in shape.required_members:
                        answer.say(f"headers.{member}", "must-have header is missing")
            answer.xml(shape, root, where)
    return service.service_name, name, "ok", answer.wrong


if __name__ == "__main__":
    bad = 0
    with open(sys.argv[1], encoding="utf-8") as lines:
        for exchange in map(json.loads, lines):
            if urlsplit(exchange["request"]["url"]).path.startswith("/_sim/"):
                continue  # the simulator's own pages
            service, name, result, wrong = check(exchange)
            print(f"{service}.{name} {result}")
            for what in wrong:
                bad += 1
                print(f"    WRONG {what}")
    print(f"{bad} wrong")
    sys.exit(1 if bad else 0)
