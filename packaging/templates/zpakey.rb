# Homebrew: for a tap, `Formula/zpakey.rb`. Linux takes the static program; macOS compiles, since there is no build for it.
class Zpakey < Formula
  desc "Manages provisioning keys of Zscaler Private Access"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_linux do
    on_intel do
      url "@REPOSITORY@/releases/download/v@VERSION@/zpakey-@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:zpakey-@VERSION@-x86_64-unknown-linux-musl.tar.gz@"
    end
    on_arm do
      url "@REPOSITORY@/releases/download/v@VERSION@/zpakey-@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:zpakey-@VERSION@-aarch64-unknown-linux-musl.tar.gz@"
    end
  end
  on_macos do
    url "@REPOSITORY@/releases/download/v@VERSION@/zpakey-@VERSION@-source.tar.gz"
    sha256 "@SHA256:zpakey-@VERSION@-source.tar.gz@"
    depends_on "rust" => :build
  end

  def install
    if OS.mac?
      system "cargo", "install", *std_cargo_args
      man1.install Dir["man/*.1"]
    else
      bin.install "zpakey"
      man1.install Dir["man/*.1"]
    end
    generate_completions_from_executable(bin/"zpakey", "completions", shells: [:bash, :zsh, :fish])
  end

  test do
    ENV["XDG_STATE_HOME"] = testpath
    output = shell_output("#{bin}/zpakey --sandbox create demo --type connector --group 'AWS us-east-1' --max-usage 10")
    assert_match '"name":"demo"', output.gsub(/\s/, "")
  end
end
