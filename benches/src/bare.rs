//! A server that does nothing but HTTP: it reads a request and answers bytes it was given. What another server of the same library costs
//! beyond it is its own.

use std::convert::Infallible;
use std::error::Error;
use std::fs;
use std::io::{Write, stdout};
use std::path::Path;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

/// Serves until the process is killed.
///
/// # Errors
/// The answer cannot be read, or nothing can be listened on.
pub(crate) fn serve(answer: &Path) -> Result<(), Box<dyn Error>> {
    let answer = Bytes::from(fs::read(answer)?);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(listen(answer))
}

async fn listen(answer: Bytes) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    writeln!(stdout(), "listening on http://{}", listener.local_addr()?)?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let answer = answer.clone();
        let service = service_fn(move |request| echo(request, answer.clone()));
        let connection =
            http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move {
            if let Err(e) = connection.await {
                eprintln!("a connection broke: {e}");
            }
        });
    }
}

async fn echo(request: Request<Incoming>, answer: Bytes) -> Result<Response<Full<Bytes>>, Infallible> {
    // Read to its end, whatever it says.
    let _body = request.into_body().collect().await;
    let mut response = Response::new(Full::new(answer));
    response.headers_mut().insert(CONTENT_TYPE, "application/x-amz-json-1.0".parse().expect("a header"));
    Ok(response)
}
