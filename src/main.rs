//! The program `zpakey`; everything is in the library.

fn main() -> std::process::ExitCode {
    zpakey::app::main()
}
