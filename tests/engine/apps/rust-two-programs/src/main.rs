//! A guest book: one page, read from disk for every request so that it can be edited while it runs.
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

const FOOTER: &str = include_str!("footer.txt");
const GREETING: &str = "Sign the guest book";

fn answer(path: &str) -> (u16, String) {
    match path {
        "/" => match fs::read_to_string("pages/index.html") {
            Ok(page) => (200, page.replace("{greeting}", GREETING).replace("{footer}", FOOTER)),
            Err(error) => (500, format!("no page: {error}\n")),
        },
        "/version" => (200, format!("guestbook {}\n", env!("CARGO_PKG_VERSION"))),
        _ => (404, "not found\n".to_string()),
    }
}

fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let mut first = String::new();
    BufReader::new(stream.try_clone()?).read_line(&mut first)?;
    let path = first.split_whitespace().nth(1).unwrap_or("/").to_string();
    let (status, body) = answer(&path);
    write!(stream, "HTTP/1.0 {status} -\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn main() {
    let port = env::var("PORT").unwrap_or_else(|_| "8080".to_string());
    let listener = TcpListener::bind(format!("0.0.0.0:{port}")).expect("the port is taken");
    for stream in listener.incoming().flatten() {
        if let Err(error) = serve(stream) {
            eprintln!("{error}");
        }
    }
}
