//! A connection that is opened before it is needed: to the API, while the token is fetched from another host.
//!
//! The HTTP library opens a connection only for a request. So a request is begun whose connector keeps the connection
//! for the next request of that origin and fails the one that it was opened for, of which nothing is ever sent.

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tower::{Layer, Service};

/// How long a connection is kept. Servers close idle ones; a token takes less than a second.
const KEPT_FOR: Duration = Duration::from_secs(5);

type Connected<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

tokio::task_local! {
    /// What the connections of this task are opened for.
    static USE: ConnectionUse;
}

#[derive(Debug, Clone)]
struct ConnectionUse {
    origin: String,
    /// Whether the connection is kept for a later request.
    is_early: bool,
}

/// Runs a request that only opens a connection to `origin`.
pub(super) async fn opening<F: Future>(origin: String, request: F) -> F::Output {
    USE.scope(ConnectionUse { origin, is_early: true }, request).await
}

/// Runs a request that uses the connection to `origin` that was opened early, if there is one.
pub(super) async fn using<F: Future>(origin: String, request: F) -> F::Output {
    USE.scope(ConnectionUse { origin, is_early: false }, request).await
}

#[derive(Debug, Clone, Default)]
pub(super) struct EarlyLayer(Arc<Mutex<Option<EarlyConnection>>>);

/// A connection that is opened, or being opened.
#[derive(Debug)]
struct EarlyConnection {
    origin: String,
    begun: Instant,
    connection: oneshot::Receiver<Box<dyn Any + Send>>,
}

#[derive(Debug, Clone)]
pub(super) struct EarlyConnector<S> {
    inner: S,
    kept: EarlyLayer,
}

impl EarlyLayer {
    fn keep(&self, origin: String) -> oneshot::Sender<Box<dyn Any + Send>> {
        let (sender, connection) = oneshot::channel();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(EarlyConnection { origin, begun: Instant::now(), connection });
        sender
    }

    fn take(&self, origin: &str) -> Option<oneshot::Receiver<Box<dyn Any + Send>>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let early = kept.take_if(|early| early.origin == origin)?;
        (early.begun.elapsed() < KEPT_FOR).then_some(early.connection)
    }
}

impl<S> Layer<S> for EarlyLayer {
    type Service = EarlyConnector<S>;

    fn layer(&self, inner: S) -> EarlyConnector<S> {
        EarlyConnector { inner, kept: self.clone() }
    }
}

impl<S, R> Service<R> for EarlyConnector<S>
where
    S: Service<R, Error = Box<dyn std::error::Error + Send + Sync>>,
    S::Response: Send + 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Connected<S::Response>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Connected<()>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, destination: R) -> Self::Future {
        let connecting = self.inner.call(destination);
        let Ok(wanted) = USE.try_with(Clone::clone) else { return Box::pin(connecting) };
        if wanted.is_early {
            let sender = self.kept.keep(wanted.origin);
            return Box::pin(async move {
                // If no one waits any more, it is closed.
                let _ = sender.send(Box::new(connecting.await?));
                Err("the connection is kept for the next request".into())
            });
        }
        let early = self.kept.take(&wanted.origin);
        Box::pin(async move {
            if let Some(early) = early
                && let Ok(connection) = early.await
                && let Ok(connection) = connection.downcast::<S::Response>()
            {
                return Ok(*connection);
            }
            connecting.await
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Counts what it opens; a connection is its number.
    fn connector(opened: &Arc<AtomicUsize>) -> impl Service<(), Response = usize, Error = BoxError> + use<> {
        let opened = Arc::clone(opened);
        EarlyLayer::default().layer(tower::service_fn(move |()| {
            let opened = Arc::clone(&opened);
            async move { Ok::<usize, BoxError>(opened.fetch_add(1, Ordering::Relaxed)) }
        }))
    }

    type BoxError = Box<dyn std::error::Error + Send + Sync>;

    #[tokio::test]
    async fn one_that_was_opened_early_is_used_once_and_for_its_origin_only() {
        let opened = Arc::new(AtomicUsize::new(0));
        let mut connector = connector(&opened);
        let origin = |name: &str| name.to_owned();
        assert!(opening(origin("a"), async { connector.call(()).await }).await.is_err());
        assert_eq!(using(origin("b"), async { connector.call(()).await }).await.unwrap(), 1);
        assert_eq!(using(origin("a"), async { connector.call(()).await }).await.unwrap(), 0);
        assert_eq!(using(origin("a"), async { connector.call(()).await }).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn one_that_could_not_be_opened_is_opened_anew() {
        let tries = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&tries);
        let mut connector = EarlyLayer::default().layer(tower::service_fn(move |()| {
            let number = counted.fetch_add(1, Ordering::Relaxed);
            async move { if number == 0 { Err(BoxError::from("refused")) } else { Ok(number) } }
        }));
        assert!(opening("a".to_owned(), async { connector.call(()).await }).await.is_err());
        assert_eq!(using("a".to_owned(), async { connector.call(()).await }).await.unwrap(), 1);
    }
}
