-- wrk's script: posts each line of a file once. Its arguments: BODIES CONTENT_TYPE PAUSE THREADS
--
-- PAUSE is the mean number of milliseconds that a connection rests before each post; 0 is none. Supporters know
-- nothing of each other, so they come as chance has it (Poisson), and that is what exponential pauses make: how
-- many come in any 2 to 100 ms varies as much as their mean. The seed is fixed. The last line printed is what was
-- measured, as JSON; times are microseconds.

local places = 0

function setup(thread)
  thread:set("place", places)
  places = places + 1
end

function init(arguments)
  crowd = tonumber(arguments[4])
  lines = io.lines(arguments[1])
  for _ = 1, place do
    lines()
  end
  wrk.headers["Content-Type"] = arguments[2]
  wrk.headers["Accept"] = "application/json"
  wrk.headers["Origin"] = os.getenv("POST_ORIGIN")
  wrk.method = "POST"
  local pause = tonumber(arguments[3])
  if pause > 0 then
    math.randomseed(1948 + place)
    delay = function()
      return math.floor(0.5 - pause * math.log(1 - math.random()))
    end
  end
end

function request()
  local body = lines()
  for _ = 2, crowd do
    lines()
  end
  if body == nil then
    wrk.thread:stop() -- nothing is posted twice
    return wrk.format("GET", "/health", {}, "")
  end
  return wrk.format(nil, nil, nil, body)
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format(
    '{"requests": %d, "microseconds": %d, "refused": %d, "broken": %d, "median": %.0f, "p99": %.0f, "worst": %.0f}\n',
    summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end
