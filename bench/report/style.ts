// The look of the report.

/** Styles of the page; light, narrow, printable. */
export const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1, h2 { font-weight: 600 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px }
th, td { text-align: left; padding: 0.15rem 0.8rem 0.15rem 0; white-space: nowrap }
tr { border-bottom: 1px solid #e3e3e3 }
section { overflow-x: auto }
svg { width: 100%; max-width: 50rem }
svg .grid { stroke: #d6d6d6 }
svg .row { stroke: #f1f1f1 }
svg .tick { font-size: 11px; text-anchor: middle; fill: #666 }
svg .label { font-size: 12px; text-anchor: end }
.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 1rem }
.legend svg { width: 14px; height: 14px; margin-right: 0.3rem; vertical-align: -2px }
.source { color: #666; font-size: 12px }
`;
