package dev.holdfast.engine.incident.report;

/** How the page looks: light and dark, wide and narrow, and on paper. */
final class PageStyle {
    static final String CSS = """
        :root { --ink: #1c2430; --soft: #566272; --line: #dde3ea; --ground: #ffffff; --all: #5b6675; --refused: #b42318;
          --stale: #8250df; --slow: #9a6700; --t0: #b42318; --t1: #1f6feb; --t2: #1a7f37; --t3: #9a6700;
          --current: #cfe8d5; --catching: #f2d67c; --suspect: #f0a868; --down: #c9372c; --on: #1c2430; --on-down: #ffffff; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6ebf2; --soft: #9aa7b6; --line: #333d48; --ground: #14191f;
          --all: #9aa7b6; --refused: #ff8a80; --stale: #c3a6ff; --slow: #e3b341; --t0: #ff8a80; --t1: #6cb0ff; --t2: #56d364;
          --t3: #e3b341; --current: #1f4a2b; --catching: #7a6420; --suspect: #8f5a2a; --down: #b03a31; --on: #ffffff; --on-down: #ffffff; } }
        * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 2.5rem auto;
          max-width: 54rem; padding: 0 1.25rem; overflow-wrap: anywhere; }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; } h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem;
          border-bottom: 1px solid var(--line); padding-bottom: .2rem; } h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
        p { margin: .5rem 0; } li { margin: .3rem 0; } ul { padding-left: 1.3rem; } .soft, figcaption { color: var(--soft); }
        .soft { font-size: .9rem; } .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .92rem; }
        th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        th { color: var(--soft); font-weight: 600; vertical-align: bottom; } .figure { text-align: right; }
        td.figure { white-space: nowrap; } .time { white-space: nowrap; }
        figure { margin: 1.4rem 0; } figcaption { font-weight: 600; font-size: .92rem; margin-bottom: .3rem; }
        svg { width: 100%; min-width: 34rem; display: block; } svg text { font-size: 11px; fill: var(--soft); }
        svg text.on-suspect, svg text.on-catching-up { fill: var(--on); } svg text.on-down { fill: var(--on-down); } svg path { fill: none; } .line { stroke: var(--line); } .axis { stroke: var(--soft); }
        .mark { stroke: var(--soft); stroke-dasharray: 3 3; }
        .all { stroke: var(--all); stroke-width: 1.5; } .refused { stroke: var(--refused); stroke-width: 2.2; }
        .stale { stroke: var(--stale); stroke-width: 1.8; stroke-dasharray: 6 3; } .slow { stroke: var(--slow);
          stroke-width: 1.8; stroke-dasharray: 2 2; }
        .tier0 { stroke: var(--t0); stroke-width: 2; } .tier1 { stroke: var(--t1); stroke-width: 1.8; stroke-dasharray: 8 3; }
        .tier2 { stroke: var(--t2); stroke-width: 1.8; stroke-dasharray: 4 2; } .tier3 { stroke: var(--t3); stroke-width: 1.8;
          stroke-dasharray: 2 2; }
        rect { fill: var(--soft); } .current { fill: var(--current); background: var(--current); }
        .catching-up { fill: var(--catching); background: var(--catching); } .suspect { fill: var(--suspect);
          background: var(--suspect); } .down { fill: var(--down); background: var(--down); }
        .key { font-size: .85rem; color: var(--soft); margin: .2rem 0 0; } .key span { display: inline-block; margin-right: 1.3rem; }
        .key i { display: inline-block; width: 1.5rem; border-top: 2px solid; vertical-align: middle; margin-right: .35rem; }
        .key i.band { border: 0; height: .8rem; } .key .all { border-color: var(--all); } .key .refused { border-color: var(--refused); }
        .key .stale { border-color: var(--stale); border-top-style: dashed; } .key .slow { border-color: var(--slow);
          border-top-style: dotted; } .key .tier0 { border-color: var(--t0); } .key .tier1 { border-color: var(--t1);
          border-top-style: dashed; } .key .tier2 { border-color: var(--t2); border-top-style: dashed; }
        .key .tier3 { border-color: var(--t3); border-top-style: dotted; }
        @media (max-width: 40rem) { body { margin: 1.2rem auto; } }
        @page { margin: 15mm; }
        @media print { :root { --ink: #000; --ground: #fff; } body { margin: 0; padding: 0; max-width: none; font-size: 10.5pt; }
          figure, tr, li, p { break-inside: avoid; } h1, h2, h3, thead, figcaption { break-after: avoid; }
          table { font-size: 8.5pt; } svg { min-width: 0; } }
        """;

    private PageStyle() {}
}
