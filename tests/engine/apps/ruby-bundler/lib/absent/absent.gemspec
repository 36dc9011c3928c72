Gem::Specification.new do |spec|
  spec.name = "absent"
  spec.version = "0.1.0"
  spec.summary = "Greets"
  spec.authors = ["A. Developer"]
  spec.files = Dir["lib/**/*.rb"]
end
