# SPDX-License-Identifier: Apache-2.0
"""An HTTP server inside the test, for programs that call it."""

import http.server
import threading


class LocalServer:
    """Answers every request on a port of 127.0.0.1 with what `respond(path, body)` returns: the bytes of a 200, or a tuple
    of status, fields and bytes. With `takes_fields`, the header fields of the request are its third argument."""

    def __init__(self, respond, takes_fields=False):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = respond(self.path, body, *([self.headers] if takes_fields else []))
                status, fields, body = answer if isinstance(answer, tuple) else (200, {}, answer)
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | fields).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                """A client may close its connection before it has read everything."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.target = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
