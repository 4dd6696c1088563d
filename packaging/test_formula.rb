#!/usr/bin/env ruby
# frozen_string_literal: true

# Installs by the Homebrew formula of a release: packaging/test_formula.rb DIST
#
# Homebrew itself is not needed: the few words of its language that the formula uses stand here. They are evaluated for
# each system that the formula names; on this one the program is unpacked, installed, and the formula's own test run.
require "digest"
require "fileutils"
require "open3"
require "pathname"
require "rbconfig"
require "tmpdir"

DIST = Pathname(ARGV.fetch(0)).realpath
SYSTEMS = [%i[linux intel], %i[linux arm], %i[macos intel], %i[macos arm]].freeze
# The programs are for Linux; another machine only reads the formula for them.
HERE = [:linux, RbConfig::CONFIG["host_cpu"] == "aarch64" ? :arm : :intel].freeze

def check(wanted, text)
  abort "formula: #{text}" unless wanted
end

# As Homebrew has it: a formula sets variables to paths.
class Pathname
  alias to_str to_s
end

# A folder of Homebrew's, such as `bin`.
class Folder < Pathname
  def install(files)
    files = [*files]
    check !files.empty?, "nothing is installed into #{basename}"
    mkpath
    files.each do |file|
      check File.file?(file), "#{file} is to be installed, and is not in the archive"
      FileUtils.cp(file, self)
    end
  end
end

# What the formula is told about the system that it is evaluated for.
module OS
  class << self
    attr_accessor :current

    def mac? = current.first == :macos
  end
end

# The language of a formula.
class Formula
  class << self
    attr_reader :tested, :built_with

    def inherited(formula)
      super
      const_set(:LAST, formula)
    end

    %i[desc homepage version license url sha256].each do |word|
      define_method(word) { |value = nil| value ? (@said ||= {})[word] = value : @said.fetch(word) }
    end

    def depends_on(names) = @built_with = names
    def test(&block) = @tested = block
    def on_linux = (yield if OS.current.first == :linux)
    def on_macos = (yield if OS.current.first == :macos)
    def on_intel = (yield if OS.current.last == :intel)
    def on_arm = (yield if OS.current.last == :arm)
  end

  attr_reader :ran

  def initialize(prefix) = (@prefix, @ran = Pathname(prefix), [])
  def bin = Folder.new(@prefix/"bin")
  def man1 = Folder.new(@prefix/"share/man/man1")
  def testpath = @prefix/"test"
  def std_cargo_args = ["--locked", "--root=#{@prefix}", "--path=."]
  def system(*command) = @ran << command

  def generate_completions_from_executable(program, *arguments, shells:)
    return unless OS.current == HERE

    shells.each do |shell|
      text, done = Open3.capture2(program.to_s, *arguments, shell.to_s)
      check done.success? && text.include?("zpakey"), "no completion for #{shell}"
    end
  end

  def shell_output(command)
    text, said, done = Open3.capture3(command)
    check done.success?, "failed: #{command}: #{said}"
    text
  end

  def assert_match(wanted, text) = check(text.match?(Regexp.new(Regexp.escape(wanted))), "no #{wanted} in #{text}")
end

def archive_of(formula)
  url = formula.url
  folder = "#{formula.homepage}/releases/download/v#{formula.version}/"
  check url.start_with?(folder), "#{url} is not below #{folder}"
  file = DIST/url.delete_prefix(folder)
  check file.file?, "#{file.basename} is not in #{DIST}"
  check formula.sha256 == Digest::SHA256.file(file).hexdigest, "the digest of #{file.basename} is another"
  file
end

def installed(formula, archive, scratch)
  Kernel.system("tar", "-xzf", archive.to_s, "-C", scratch, exception: true)
  # Homebrew goes into the one folder of an archive.
  root, *others = Dir["#{scratch}/*"]
  check others.empty?, "#{archive.basename} has more than one folder"
  made = formula.new("#{scratch}/prefix")
  Dir.chdir(root) { made.install }
  check Dir["#{scratch}/prefix/share/man/man1/zpakey.1"].any?, "no man page of zpakey"
  made
end

def tested(made)
  made.testpath.mkpath
  ENV.replace("PATH" => ENV.fetch("PATH"), "HOME" => made.testpath.to_s)
  made.instance_eval(&made.class.tested)
end

archives = SYSTEMS.map do |system|
  OS.current = system
  Formula.send(:remove_const, :LAST) if Formula.const_defined?(:LAST)
  Object.send(:remove_const, :Zpakey) if Object.const_defined?(:Zpakey)
  load DIST/"zpakey.rb"
  formula = Formula::LAST
  archive = archive_of(formula)
  Dir.mktmpdir do |scratch|
    made = installed(formula, archive, scratch)
    if OS.mac?
      check made.ran == [["cargo", "install", *made.std_cargo_args]] && formula.built_with == { "rust" => :build }, "macOS does not build it"
    else
      check made.ran.empty? && (made.bin/"zpakey").executable?, "no program is installed"
    end
    tested(made) if system == HERE
  end
  archive.basename.to_s
end
puts "formula: #{archives.uniq.join(", ")}"
