-- wrk posts the bodies in a file, one a line, over and over: wrk -s bench/post.lua URL -- FILE
local requests, next = {}, 0

function init(args)
   for body in io.lines(args[1]) do
      requests[#requests + 1] = wrk.format("POST", nil, {["Content-Type"] = "application/json"}, body)
   end
end

function request()
   next = next % #requests + 1
   return requests[next]
end
