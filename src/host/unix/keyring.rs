//! Which keyring there is.

#[cfg(target_os = "macos")]
pub use apple_native_keyring_store::keychain::Store;
#[cfg(not(target_os = "macos"))]
pub use zbus_secret_service_keyring_store::Store;

use crate::host::Env;

/// Tells whether there may be a keyring: the Secret Service needs a session bus.
pub fn has_keyring(env: &Env) -> bool {
    let is_named = env.get("DBUS_SESSION_BUS_ADDRESS").is_some();
    let is_usual = || {
        let runtime = env.get("XDG_RUNTIME_DIR");
        runtime.is_some_and(|runtime| std::path::Path::new(runtime).join("bus").exists())
    };
    cfg!(target_os = "macos") || is_named || is_usual()
}
