"""Checks recorded requests against the service models that botocore ships: python requests.py RECORDING.jsonl

Each request is read back from the wire by its own protocol: an operation that the model has, members that it knows,
required ones there, and botocore's own validation of values. Prints what is wrong, then how many requests of how many
operations were read; exits 1 if anything is wrong.
"""
import base64
import gzip
import json
import re
import sys
import xml.etree.ElementTree as ET
from urllib.parse import parse_qsl, unquote, urlsplit

import botocore.parsers
import botocore.validate

import shapes


class Wrong(Exception):
    pass


def scalar(shape, text):
    kind = shape.type_name
    try:
        if kind in ("integer", "long"):
            return int(text)
        if kind in ("float", "double"):
            return float(text)
    except ValueError:
        raise Wrong(f"{text!r} is no {kind}") from None
    if kind == "boolean":
        if text not in ("true", "false"):
            raise Wrong(f"{text!r} is no boolean")
        return text == "true"
    return text


def of_query(shape, pairs):
    """`pairs`: what is left of the names, and values. All must be taken."""
    kind = shape.type_name
    if kind not in ("structure", "list", "map"):
        if list(pairs) != [""]:
            raise Wrong(f"{sorted(pairs)} below a {kind}")
        return scalar(shape, pairs[""])
    if list(pairs) == [""] and pairs[""] == "":
        return {} if kind != "list" else []
    heads = {}
    for name, value in pairs.items():
        head, _, rest = name.partition(".")
        heads.setdefault(head, {})[rest] = value
    if kind == "structure":
        names = {}
        for name, member in shape.members.items():
            wire = member.serialization.get("name", name)
            if member.type_name == "list" and member.serialization.get("flattened"):
                wire = member.member.serialization.get("name", wire)
            names[wire] = (name, member)
        if unknown := set(heads) - set(names):
            raise Wrong(f"{shape.name} has no {sorted(unknown)}")
        return {names[head][0]: of_query(names[head][1], rest) for head, rest in heads.items()}
    if kind == "list":
        if not shape.serialization.get("flattened"):
            wanted = shape.member.serialization.get("name", "member")
            if set(heads) != {wanted}:
                raise Wrong(f"items of {shape.name} are {sorted(heads)}, the model says {wanted}")
            return of_items(shape, heads[wanted])
        return of_items(shape, pairs)
    raise Wrong(f"{shape.name} is a map")


def of_items(shape, pairs):
    items = {}
    for name, value in pairs.items():
        number, _, rest = name.partition(".")
        items.setdefault(int(number), {})[rest] = value
    if sorted(items) != list(range(1, len(items) + 1)):
        raise Wrong(f"items of {shape.name} are numbered {sorted(items)}")
    return [of_query(shape.member, items[number]) for number in sorted(items)]


def of_xml(shape, node):
    kind = shape.type_name
    tag = lambda element: element.tag.rsplit("}", 1)[-1]
    if kind == "structure":
        names = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
        found = {}
        for child in node:
            if tag(child) not in names:
                raise Wrong(f"{shape.name} has no <{tag(child)}>")
            name, member = names[tag(child)]
            found[name] = of_xml(member, child)
        return found
    if kind == "list":
        return [of_xml(shape.member, child) for child in node]
    return scalar(shape, node.text or "")


def of_tree(shape, value):
    """Members that the model does not know; botocore's validation looks at the rest."""
    if shape.type_name == "structure" and isinstance(value, dict):
        if unknown := set(value) - set(shape.members):
            raise Wrong(f"{shape.name} has no {sorted(unknown)}")
        for name, member in value.items():
            of_tree(shape.members[name], member)
    elif shape.type_name == "list" and isinstance(value, list):
        for item in value:
            of_tree(shape.member, item)
    elif shape.type_name == "map" and isinstance(value, dict):
        for item in value.values():
            of_tree(shape.value, item)
    return value


def of_rest(operation, url, body):
    shape, wanted = operation.input_shape, operation.http["requestUri"].partition("?")[0]
    pattern = re.sub(r"\{(\w+)\+?\}", r"(?P<\1>[^/]+)", wanted.rstrip("/"))
    parts = urlsplit(url)
    path = re.fullmatch(pattern, parts.path.rstrip("/"))
    query, found = dict(parse_qsl(parts.query, keep_blank_values=True)), {}
    payload = shape.serialization.get("payload")
    for name, member in shape.members.items():
        wire, location = member.serialization.get("name", name), member.serialization.get("location")
        if location == "uri":
            found[name] = scalar(member, unquote(path[wire]))
        elif location == "querystring" and wire in query:
            found[name] = scalar(member, query.pop(wire))
    if query:
        raise Wrong(f"the query has {sorted(query)}")
    if not body:
        return found
    if operation.service_model.metadata["protocol"] == "rest-json":
        return found | of_tree(shape, json.loads(body))
    root = ET.fromstring(body)
    return found | ({payload: of_xml(shape.members[payload], root)} if payload else of_xml(shape, root))


def read(service, name, protocol, url, body):
    operation = service.operation_model(name)
    shape = operation.input_shape
    if protocol == "query":
        pairs = dict(parse_qsl(body.decode(), keep_blank_values=True))
        pairs.pop("Action")
        if pairs.pop("Version", None) != service.metadata["apiVersion"]:
            raise Wrong("another version of the API")
        found = of_query(shape, pairs) if shape else pairs
    elif protocol in ("rest-xml", "rest-json"):
        found = of_rest(operation, url, body)
    elif protocol == "json":
        found = of_tree(shape, json.loads(body or b"{}")) if shape else {}
    else:
        class Cbor(botocore.parsers.BaseCBORParser):
            pass
        cbor = Cbor()
        found = of_tree(shape, cbor.parse_data_item(cbor.get_peekable_stream_from_bytes(body)) if body else {})
    if shape:
        report = botocore.validate.ParamValidator().validate(found, shape)
        if report.has_errors():
            raise Wrong(report.generate_report())
    return found


def main():
    wrong, read_, operations = 0, 0, set()
    with open(sys.argv[1], encoding="utf-8") as lines:
        for request in (json.loads(line)["request"] for line in lines):
            if urlsplit(request["url"]).path.startswith("/_sim/"):
                continue  # the simulator's own pages
            headers = {name.lower(): value for name, value in request["headers"].items()}
            body = base64.b64decode(request["body"])
            body = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
            service, name, protocol = shapes.identify(request, headers, body)
            what = f"{service and service.service_name}.{name}"
            print(what)
            try:
                if service is None or name not in service.operation_names:
                    raise Wrong(f"service or operation cannot be told from the wire: {request['url']}")
                read(service, name, protocol, request["url"], body)
            except Wrong as error:
                print(f"    WRONG {error}")
                wrong += 1
            read_ += 1
            operations.add(what)
    print(f"{read_} requests of {len(operations)} operations, {wrong} wrong")
    sys.exit(1 if wrong or not read_ else 0)


if __name__ == "__main__":
    main()
