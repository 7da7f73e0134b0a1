-- Arguments: a file of requests, each a line with its length in bytes and then the bytes themselves; a file that says which
-- one comes next, from 0; how many are sent before an answer is waited for; and how many connections there are.

local ffi = require("ffi")
ffi.cdef("struct latencies { uint64_t count, limit, min, max, data[1]; };")

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
  connections = tonumber(arguments[4])
  at = os.time() % count
  prepared = os.clock()
end

function request()
  at = at % count + 1
  return requests[at]
end

-- wrk adds answers that it believes to have missed: for one that took much longer than the average request, others that took less. Of
-- requests that are sent together that makes nonsense, and h2load does nothing like it. So what was added is taken away again, in
-- the opposite order.
local function measured(summary, latency)
  local each = math.floor(summary.requests / threads[1]:get("connections"))
  if each == 0 then return end
  local all = ffi.cast("struct latencies **", latency)[0]
  -- Not all answers of any requests that were sent together have come.
  if tonumber(all.count) == 0 then return end
  assert(all.min == latency.min and all.max == latency.max, "this wrk keeps its latencies in another way than 4.1.0")
  local expected = math.floor(summary.duration / each)
  for n = tonumber(all.max), 2 * expected, -1 do
    local count = all.data[n]
    if count > 0 then
      for m = n - expected, expected + 1, -expected do
        assert(all.data[m] >= count, "this wrk adds to its latencies in another way than 4.1.0")
        all.data[m] = all.data[m] - count
        all.count = all.count - count
      end
    end
  end
end

function done(summary, latency)
  measured(summary, latency)
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
