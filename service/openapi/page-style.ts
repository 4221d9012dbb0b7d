/** The page's only style sheet. The Content-Security-Policy allows it by its hash. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8885; --get: #0969da; --post: #1a7f37; --bad: #cf222e; --warn: #9a6700 }
@media (prefers-color-scheme: dark) { :root { --get: #58a6ff; --post: #3fb950; --bad: #ff7b72; --warn: #d29922 } }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; display: grid; grid-template: auto 1fr / 18rem 1fr; min-height: 100vh }
header { grid-column: 1 / -1; padding: 1rem 2rem; border-bottom: 1px solid var(--line) }
header p { margin: .25rem 0 }
h1 { margin: 0; font-size: 1.5rem }
h2 { font-size: 1rem; text-transform: capitalize; margin: 1rem 0 .25rem }
h3 { font-size: .95rem; margin: 1rem 0 .25rem }
nav { padding: 0 1rem 1rem 2rem; border-right: 1px solid var(--line) }
nav ul { list-style: none; margin: 0; padding: 0; font-size: .85rem }
nav a { display: block; padding: .2rem 0; color: inherit; text-decoration: none; overflow-wrap: anywhere }
nav a:hover, nav a:focus-visible { text-decoration: underline }
main { padding: 0 2rem 3rem; min-width: 0 }
details { border: 1px solid var(--line); border-radius: 6px; margin: .5rem 0; padding: 0 1rem }
details:target { border-color: var(--get) }
summary { cursor: pointer; padding: .5rem 0; overflow-wrap: anywhere }
summary span { opacity: .8; margin-left: .5rem }
details[open] { padding-bottom: 1rem }
.get, .post { text-transform: uppercase; font-size: .8em }
.get { color: var(--get) } .post, .status-2 { color: var(--post) } .status-4 { color: var(--warn) } .status-5 { color: var(--bad) }
table { border-collapse: collapse; width: 100%; font-size: .9rem; display: block; overflow-x: auto }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line) }
@media (max-width: 50rem) { body { display: block } nav { border: 0; padding: 0 2rem } }
`;
