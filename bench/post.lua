-- wrk posts the request that bench/request.py wrote.
local file = io.open("build/bench/request.json", "rb")
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = "application/json"
file:close()
