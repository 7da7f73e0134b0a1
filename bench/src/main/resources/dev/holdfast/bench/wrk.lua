-- Arguments: a file of requests, each a line with its length in bytes and then the bytes themselves; a file that says which
-- one comes next, from 0; and how many are sent before an answer is waited for.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

local requests, count, at = {}, 0, 0

function init(arguments)
  local made = {}
  local file = assert(io.open(arguments[1], "rb"))
  for length in file:lines() do
    made[#made + 1] = file:read(tonumber(length))
  end
  file:close()
  local depth, batch = tonumber(arguments[3]), {}
  for draw in io.lines(arguments[2]) do
    batch[#batch + 1] = made[tonumber(draw) + 1]
    if #batch == depth then
      count = count + 1
      requests[count] = table.concat(batch)
      batch = {}
    end
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
