// Convolves and pools as a page does. Reads JSON from the standard input: { map, kernel, strides, padding, size, moved }; prints
// what comes out, where windows begin, and what no window sees.
import { readFileSync } from "node:fs";
import { POOLINGS, changeOf, convolve, moved, pool } from "../../generator/html/templates/widgets/windows.js";

const asMap = rows => ({ rows: rows.length, columns: rows[0].length, values: Float64Array.from(rows.flat()) });
const { map, kernel, strides, padding, size, right } = JSON.parse(readFileSync(0, "utf-8"));
const input = asMap(map), { rows, columns, values, down, across } = convolve(input, asMap(kernel), { strides, padding });
const pooled = Object.fromEntries(Object.keys(POOLINGS).map(way => [way, [...pool(input, way, size).values]]));
const shifted = moved(input, right);
console.log(JSON.stringify({ shape: [rows, columns], values: [...values], unseen: [down.unseen, across.unseen], pooled, moved: [...shifted.values], change: changeOf(input, shifted) }));
