"""A recording proxy on 127.0.0.1: python recorder.py UPSTREAM_PORT OUT.jsonl, prints the port it took.

One exchange a line: {"request": {"method", "url", "headers", "body"}, "response": {"status", "headers", "body"}},
bodies in base64. It ends when its standard input does.
"""
import base64
import http.client
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

UPSTREAM, OUT = int(sys.argv[1]), open(sys.argv[2], "w", encoding="utf-8")
LOCK = threading.Lock()


def b64(data):
    return base64.b64encode(data).decode()


class Recorder(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def forward(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        upstream = http.client.HTTPConnection("127.0.0.1", UPSTREAM, timeout=60)
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in ("connection", "expect"):
                upstream.putheader(name, value)
        upstream.endheaders(body)
        answer = upstream.getresponse()
        data = answer.read()
        headers = dict(answer.getheaders())
        url = f"http://{self.headers.get('host')}{self.path}"
        line = json.dumps({
            "service": None, "operation": None,
            "request": {"method": self.command, "url": url, "headers": dict(self.headers.items()), "body": b64(body)},
            "response": {"status": answer.status, "headers": headers, "body": b64(data)},
        })
        with LOCK:
            OUT.write(line + "\n")
            OUT.flush()
        self.send_response_only(answer.status)
        for name, value in headers.items():
            if name.lower() not in ("connection", "content-length", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        try:
            self.end_headers()
            self.wfile.write(data)
        except ConnectionError:  # the client has what it wanted and is gone
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = forward


server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
