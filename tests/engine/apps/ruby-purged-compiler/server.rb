require "socket"
require "fiddle"

FAST = Fiddle.dlopen(File.join(__dir__, "libfast.so"))
TRIPLE = Fiddle::Function.new(FAST["triple"], [Fiddle::TYPE_INT], Fiddle::TYPE_INT)

def answer(_path)
  "three times fourteen is #{TRIPLE.call(14)} [first]"
end

server = TCPServer.new("0.0.0.0", Integer(ENV.fetch("PORT", "4567")))
$stdout.sync = true
trap("TERM") { exit }
loop do
  client = server.accept
  path = client.gets.to_s.split[1]
  while (line = client.gets) && line != "\r\n"; end
  body = answer(path)
  client.write "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}"
  client.close
rescue Errno::EPIPE, Errno::ECONNRESET
  next
end
