//! The process itself.

/// Switches core dumps off and makes the memory unreadable to other processes of the user, so that a crash
/// leaves no secret behind. Where the system refuses, the program goes on: nothing depends on it.
pub fn forbid_core_dumps() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
