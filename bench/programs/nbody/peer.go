// N-body: what is computed stands in main.lm.md.

package main

import "math"

type body struct{ x, y, z, vx, vy, vz, mass float64 }

const solarMass = 39.47841760435743
const days = 365.24

func start() [5]body {
	return [5]body{
		{0, 0, 0, 0, 0, 0, solarMass},
		{4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
			0.00166007664274403694 * days, 0.00769901118419740425 * days, -0.0000690460016972063023 * days,
			0.000954791938424326609 * solarMass},
		{8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
			-0.00276742510726411104 * days, 0.00499852801234917238 * days, 0.0000230417297573763929 * days,
			0.000285885980666130812 * solarMass},
		{12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
			0.00296460137564761618 * days, 0.00237847173959480950 * days, -0.0000296589568540237556 * days,
			0.0000436624404335156298 * solarMass},
		{15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
			0.00268067772490389322 * days, 0.00162824170038242295 * days, -0.0000951592254519715870 * days,
			0.0000515138902046611451 * solarMass},
	}
}

func energy(bodies *[5]body) float64 {
	e := 0.0
	for i := range bodies {
		a := &bodies[i]
		e += 0.5 * a.mass * (a.vx*a.vx + a.vy*a.vy + a.vz*a.vz)
		for j := i + 1; j < 5; j++ {
			b := &bodies[j]
			dx, dy, dz := a.x-b.x, a.y-b.y, a.z-b.z
			e -= a.mass * b.mass / math.Sqrt(dx*dx+dy*dy+dz*dz)
		}
	}
	return e
}

func run(n int64) int64 {
	bodies := start()
	px, py, pz := 0.0, 0.0, 0.0
	for _, b := range bodies {
		px += b.vx * b.mass
		py += b.vy * b.mass
		pz += b.vz * b.mass
	}
	bodies[0].vx, bodies[0].vy, bodies[0].vz = -px/solarMass, -py/solarMass, -pz/solarMass
	const dt = 0.01
	for step := int64(0); step < n; step++ {
		for i := 0; i < 5; i++ {
			a := &bodies[i]
			for j := i + 1; j < 5; j++ {
				b := &bodies[j]
				dx, dy, dz := a.x-b.x, a.y-b.y, a.z-b.z
				d2 := dx*dx + dy*dy + dz*dz
				mag := dt / (d2 * math.Sqrt(d2))
				mi, mj := a.mass*mag, b.mass*mag
				a.vx -= dx * mj
				a.vy -= dy * mj
				a.vz -= dz * mj
				b.vx += dx * mi
				b.vy += dy * mi
				b.vz += dz * mi
			}
		}
		for i := range bodies {
			b := &bodies[i]
			b.x += dt * b.vx
			b.y += dt * b.vy
			b.z += dt * b.vz
		}
	}
	return int64(math.Round(energy(&bodies) * 1e9))
}

func main() { bench(run) }
