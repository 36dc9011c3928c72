Gem::Specification.new do |spec|
  spec.name = "greeter"
  spec.version = "0.1.0"
  spec.summary = "Greets"
  spec.authors = ["A. Developer"]
  spec.files = Dir.chdir(__dir__) { `git ls-files -z`.split("\x0") }
end
