-- Arguments: the method, and a folder with the files entries (key TAB value), draws (which entry comes next, from 0) and
-- request (token, what comes before a key in the target, what comes after it).

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

local requests, count, at = {}, 0, 0

function init(arguments)
  local method, folder = arguments[1], arguments[2]
  local line = io.lines(folder .. "/request")
  local token, before, after = line(), line(), line()
  wrk.headers["Authorization"] = "Bearer " .. token
  local made = {}
  for entry in io.lines(folder .. "/entries") do
    local key, value = entry:match("^(%S+)\t(%S+)$")
    local body = nil
    if method == "PUT" then body = value end
    made[#made + 1] = wrk.format(method, before .. key .. after, nil, body)
  end
  for draw in io.lines(folder .. "/draws") do
    count = count + 1
    requests[count] = made[tonumber(draw) + 1]
  end
  at = os.time() % count
  prepared = os.clock()
end

function request()
  at = at % count + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "measured %d %d %.0f %.0f %d %.0f\n",
    summary.requests,
    summary.duration,
    latency:percentile(50),
    latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    (os.clock() - threads[1]:get("prepared")) * 1e6))
end
