import http.server
import os

PAGE = open(os.path.join(os.path.dirname(__file__), "templates", "index.html")).read()
http.server.HTTPServer(("", 8000), http.server.SimpleHTTPRequestHandler).serve_forever()
