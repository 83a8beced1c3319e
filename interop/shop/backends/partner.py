"""Another company's prices over HTTP, which send no telemetry."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Prices(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(503 if self.path.endswith("outage") else 200)
        self.send_header("Content-Length", "1")
        self.end_headers()
        self.wfile.write(b"7")

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("0.0.0.0", 8090), Prices).serve_forever()
