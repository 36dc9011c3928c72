//! Says one line of a text file that is named on the command line, another one each time.
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

const TITLE: &str = "Quotes";

fn main() -> std::io::Result<()> {
    let file = env::args().nth(1).unwrap_or_else(|| "texts/short.txt".to_string());
    let port = env::var("PORT").unwrap_or_else(|_| "8080".to_string());
    let listener = TcpListener::bind(format!("0.0.0.0:{port}"))?;
    for mut stream in listener.incoming().flatten() {
        let mut first = String::new();
        BufReader::new(stream.try_clone()?).read_line(&mut first)?;
        let path = first.split_whitespace().nth(1).unwrap_or("/").to_string();
        let (status, body) = match path.as_str() {
            "/" => match fs::read_to_string(&file) {
                Ok(text) => (200, format!("{TITLE}\n{text}")),
                Err(error) => (500, format!("{file}: {error}\n")),
            },
            "/version" => (200, format!("{}\n", env!("CARGO_PKG_VERSION"))),
            _ => (404, "not found\n".to_string()),
        };
        let _ = write!(stream, "HTTP/1.0 {status} -\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    }
    Ok(())
}
