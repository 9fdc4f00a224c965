-- The Mandelbrot set: what is computed stands in main.lm.md.

require("harness")(function(n)
  local inside = 0
  for py = 0, n - 1 do
    local ci = 2.0 * py / n - 1.0
    for px = 0, n - 1 do
      local cr = 2.0 * px / n - 1.5
      local zr, zi, tr, ti = 0.0, 0.0, 0.0, 0.0
      local k = 0
      while k < 50 and tr + ti <= 4.0 do
        zi = 2.0 * zr * zi + ci
        zr = tr - ti + cr
        tr = zr * zr
        ti = zi * zi
        k = k + 1
      end
      if tr + ti <= 4.0 then
        inside = inside + 1
      end
    end
  end
  return inside
end)
