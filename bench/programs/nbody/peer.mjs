// N-body: what is computed stands in main.lm.md.

import { bench } from "../bench.mjs";

const SOLAR_MASS = 39.47841760435743;
const DAYS = 365.24;

const bodies = () => [
  { x: 0, y: 0, z: 0, vx: 0, vy: 0, vz: 0, mass: SOLAR_MASS },
  {
    x: 4.841431442464721,
    y: -1.1603200440274284,
    z: -0.10362204447112311,
    vx: 0.001660076642744037 * DAYS,
    vy: 0.007699011184197404 * DAYS,
    vz: -0.0000690460016972063 * DAYS,
    mass: 0.0009547919384243266 * SOLAR_MASS,
  },
  {
    x: 8.34336671824458,
    y: 4.124798564124305,
    z: -0.4035234171143214,
    vx: -0.0027674251072641112 * DAYS,
    vy: 0.004998528012349172 * DAYS,
    vz: 0.000023041729757376393 * DAYS,
    mass: 0.0002858859806661308 * SOLAR_MASS,
  },
  {
    x: 12.894369562139131,
    y: -15.111151401698631,
    z: -0.22330757889265573,
    vx: 0.002964601375647616 * DAYS,
    vy: 0.0023784717395948095 * DAYS,
    vz: -0.000029658956854023756 * DAYS,
    mass: 0.00004366244043351563 * SOLAR_MASS,
  },
  {
    x: 15.379697114850917,
    y: -25.919314609987964,
    z: 0.17925877295037118,
    vx: 0.0026806777249038932 * DAYS,
    vy: 0.001628241700382423 * DAYS,
    vz: -0.00009515922545197159 * DAYS,
    mass: 0.000051513890204661145 * SOLAR_MASS,
  },
];

function atRest(bodies) {
  let px = 0;
  let py = 0;
  let pz = 0;
  for (const b of bodies) {
    px += b.vx * b.mass;
    py += b.vy * b.mass;
    pz += b.vz * b.mass;
  }
  bodies[0].vx = -px / SOLAR_MASS;
  bodies[0].vy = -py / SOLAR_MASS;
  bodies[0].vz = -pz / SOLAR_MASS;
  return bodies;
}

function energy(bodies) {
  let e = 0;
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i];
    e += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz);
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      e -= (a.mass * b.mass) / Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return e;
}

bench((n) => {
  const all = atRest(bodies());
  const dt = 0.01;
  for (let step = 0; step < n; step++) {
    for (let i = 0; i < 5; i++) {
      const a = all[i];
      for (let j = i + 1; j < 5; j++) {
        const b = all[j];
        const dx = a.x - b.x;
        const dy = a.y - b.y;
        const dz = a.z - b.z;
        const d2 = dx * dx + dy * dy + dz * dz;
        const mag = dt / (d2 * Math.sqrt(d2));
        const mi = a.mass * mag;
        const mj = b.mass * mag;
        a.vx -= dx * mj;
        a.vy -= dy * mj;
        a.vz -= dz * mj;
        b.vx += dx * mi;
        b.vy += dy * mi;
        b.vz += dz * mi;
      }
    }
    for (const b of all) {
      b.x += dt * b.vx;
      b.y += dt * b.vy;
      b.z += dt * b.vz;
    }
  }
  return Math.round(energy(all) * 1e9);
});
