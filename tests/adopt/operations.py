"""What was asked in a recording of recorder.py, a line each: python operations.py FILE"""
import base64
import json
import sys
import urllib.parse

for line in open(sys.argv[1], encoding="utf-8"):
    asked = json.loads(line)["request"]
    headers = {name.lower(): value for name, value in asked["headers"].items()}
    url = urllib.parse.urlparse(asked["url"])
    form = urllib.parse.parse_qs(base64.b64decode(asked["body"]).decode("utf-8", "replace")) if asked["body"] else {}
    if "x-amz-target" in headers:
        print(headers["x-amz-target"].rsplit(".", 1)[1])
    elif "/operation/" in url.path:
        print(url.path.rsplit("/", 1)[1])
    elif "Action" in form:
        print(form["Action"][0])
    else:
        print("Get" if asked["method"] == "GET" else asked["method"], url.path)
