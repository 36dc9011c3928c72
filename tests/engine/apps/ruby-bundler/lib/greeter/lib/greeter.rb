module Greeter
  TEXT = "greetings from the gem"

  def self.hello(name)
    "#{TEXT}, #{name}"
  end
end
