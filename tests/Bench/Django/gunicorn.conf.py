import os

bind = os.environ["Urls"].removeprefix("http://")
workers = 2
# Threads, because a sync worker closes each connection after one request.
worker_class = "gthread"
threads = 8
# Longer than the 60 seconds after which .NET's client drops an idle connection, so the client never meets a closed one.
keepalive = 75
loglevel = "warning"


def when_ready(server):
    for listener in server.LISTENERS:
        host, port = listener.sock.getsockname()
        print(f"Now listening on: http://{host}:{port}", flush=True)
