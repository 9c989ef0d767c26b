"""What the probes share: clients of the simulator, calls that must succeed or be refused, and waiting.

ENDPOINT is where boto3 sends its calls, CONTROL the simulator itself (for /_sim/), from the command line.
"""
import json
import sys
import time
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT, CONTROL = sys.argv[1], sys.argv[2]
REGION, PEER = "us-east-1", "eu-west-1"
FAILED = []


def client(service, region=REGION, attempts=1):
    config = Config(retries={"mode": "standard", "total_max_attempts": attempts}, parameter_validation=False)
    return boto3.client(service, region_name=region, endpoint_url=ENDPOINT, aws_access_key_id="AKIDPROBE",
                        aws_secret_access_key="secret", config=config)


def control(method, path, body=None):
    request = urllib.request.Request(CONTROL + path, method=method, data=json.dumps(body).encode() if body else None)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def good(service, operation, /, **arguments):
    try:
        return getattr(service, operation)(**arguments)
    except ClientError as error:
        FAILED.append(f"{operation}({arguments}): {error}")
        return {}


def bad(service, operation, code, /, **arguments):
    try:
        getattr(service, operation)(**arguments)
        FAILED.append(f"{operation}({arguments}) should be refused with {code}")
    except ClientError as error:
        if error.response["Error"]["Code"] != code:
            FAILED.append(f"{operation}({arguments}): {error.response['Error']}, not {code}")


def expect(what, found, wanted):
    if found != wanted:
        FAILED.append(f"{what}: {found!r}, not {wanted!r}")


def until(what, met, seconds=120):
    for _ in range(seconds * 4):
        if met():
            return
        time.sleep(0.25)
    FAILED.append(f"never came: {what}")


