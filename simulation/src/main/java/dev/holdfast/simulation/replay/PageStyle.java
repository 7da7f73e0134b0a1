package dev.holdfast.simulation.replay;

/** How a page looks: light and dark, wide and narrow, and on paper. */
final class PageStyle {
    static final String CSS = """
        :root { --ink: #1c2430; --soft: #5b6675; --line: #d8dee6; --ground: #ffffff; --reads: #1f6feb; --writes: #e0a458;
          --stale: #8250df; --out: #fdecea; --good: #1a7f37; --bad: #b42318; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6ebf2; --soft: #9aa7b6; --line: #38434f; --ground: #14191f;
          --reads: #6cb0ff; --writes: #a8703a; --stale: #c3a6ff; --out: #3a2324; --good: #56d364; --bad: #ff8a80; } }
        * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 2.5rem auto;
          max-width: 56rem; padding: 0 1.25rem; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .5rem; }
        p { margin: .4rem 0; } .soft, figcaption, li { color: var(--soft); } code { overflow-wrap: anywhere; }
        .verdict { font-size: 1.1rem; border-left: 4px solid var(--line); padding: .2rem 0 .2rem 1rem; margin: 1.2rem 0; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: .4rem .6rem; border-bottom: 1px solid var(--line); } td { white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal; }
        th { color: var(--soft); font-weight: 600; font-size: .85rem; vertical-align: bottom; }
        .good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .none { color: var(--soft); }
        .bar { width: 45%; } .bar i { display: block; height: .6rem; background: var(--bad); }
        figure { margin: 1rem 0 1.8rem; } .chart { padding-left: 3.2rem; font-size: 12px; color: var(--soft); }
        .chart span { position: absolute; white-space: nowrap; line-height: 1.3; } .events, .plot, .minutes { position: relative; }
        .events span { bottom: 0; border-left: 1px solid var(--soft); padding: 0 .35em; }
        .events span.end { border-left: 0; border-right: 1px solid var(--soft); }
        .plot span { right: calc(100% + .5em); transform: translateY(-50%); }
        .minutes { height: 1.5em; margin-top: .2em; } .minutes span { transform: translateX(-50%); }
        .minutes span:first-child { transform: translateX(-80%); }
        svg { width: 100%; height: 9rem; display: block; } svg path { fill: none; vector-effect: non-scaling-stroke; }
        .reads { stroke: var(--reads); stroke-width: 2px; stroke-dasharray: 7 5; }
        .writes { stroke: var(--writes); stroke-width: 4px; } .stale { stroke: var(--stale); stroke-width: 2px; }
        .key span { display: inline-block; margin-right: 1.2rem; }
        .key i { display: inline-block; width: 1.6rem; border-top: 2px solid; vertical-align: middle; margin-right: .35rem; }
        .key .reads { border-color: var(--reads); border-top-style: dashed; } .key .stale { border-color: var(--stale); }
        .key .writes { border-color: var(--writes); border-top-width: 4px; }
        @media (max-width: 40rem) { body { margin: 1.2rem auto; } .stacked thead { display: none; }
          .stacked tr { display: block; border-bottom: 2px solid var(--line); padding: .3rem 0; }
          .stacked td { display: flex; justify-content: space-between; gap: 1rem; border: 0; padding: .1rem 0; }
          .stacked td:first-child { font-weight: 600; } .stacked td[data-column]::before { content: attr(data-column);
          color: var(--soft); font-weight: 400; } .stacked td:first-child::before { content: none; } }
        @page { margin: 15mm; }
        @media print { body { margin: 0; padding: 0; max-width: none; font-size: 11pt; }
          figure, tr, li, p { break-inside: avoid; } h1, h2, .key, thead { break-after: avoid; }
          table { font-size: 9pt; } .verdict { font-size: 1rem; } svg { height: 7.5rem; } }
        """;

    private PageStyle() {}
}
