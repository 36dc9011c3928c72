import typer
import uvicorn


def serve(host: str = "127.0.0.1", port: int = 8000):
    uvicorn.run("shop.api:app", host=host, port=port)


def main():
    typer.run(serve)
