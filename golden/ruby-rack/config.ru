require "open3"

run lambda { |env|
  text, = Open3.capture2("identify", "-version")
  [200, {"Content-Type" => "text/plain"}, [text]]
}
