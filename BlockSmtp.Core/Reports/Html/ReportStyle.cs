namespace BlockSmtp.Reports.Html;

/// <summary>How the report looks: light and dark, narrow and wide, on paper.</summary>
internal static class ReportStyle
{
    public const string Css = """

        :root{color-scheme:light dark;
        --page:light-dark(#f6f5f2,#14181d);--paper:light-dark(#fff,#1b2027);--ink:light-dark(#1e2730,#e4e8ec);--soft:light-dark(#5c6873,#9aa6b2);
        --rule:light-dark(#e3e1dc,#2c343d);--rail:light-dark(#efede8,#262d35);--a:light-dark(#c2583b,#e08b6d);--k:light-dark(#8fb4cf,#47718f);--b:light-dark(#2f6187,#7fb2d6);--mark:light-dark(#fdf3dc,#2c2a1f)}
        :root:has(#theme-light:checked){color-scheme:light}
        :root:has(#theme-dark:checked){color-scheme:dark}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:1120px;padding:2rem 1.25rem 3rem;background:var(--page);color:var(--ink);font:15px/1.55 Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;font-variant-numeric:tabular-nums}
        h1{font-size:1.9rem;line-height:1.2;margin:.15rem 0 .6rem;letter-spacing:-.02em;font-weight:650;text-wrap:balance}
        h2{font-size:1.2rem;margin:0 0 .35rem;letter-spacing:-.01em;font-weight:650}
        h3{font-size:.95rem;margin:.25rem 0 .5rem;font-weight:600;color:var(--soft)}
        p{margin:0 0 .9rem;max-width:48rem;color:var(--soft)}
        .brand{margin:0;font-weight:650;color:var(--b);letter-spacing:.01em}
        .lead{font-size:1.02rem;overflow-wrap:anywhere}
        .none{font-size:1.2rem;padding:3rem 0;text-align:center;max-width:none}
        .theme{float:right;border:1px solid var(--rule);border-radius:8px;margin:0;padding:2px;display:flex;background:var(--paper)}
        .theme legend{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .theme label{padding:.1rem .65rem;border-radius:6px;font-size:.85rem;color:var(--soft);cursor:pointer}
        .theme input{position:absolute;opacity:0}
        .theme label:has(:checked){background:var(--rail);color:var(--ink)}
        .theme label:has(:focus-visible){outline:2px solid var(--b)}
        section{background:var(--paper);border:1px solid var(--rule);border-radius:12px;padding:1.3rem 1.4rem 1.4rem;margin:1.1rem 0}
        .tiles{display:grid;grid-template-columns:repeat(6,1fr);gap:.8rem;margin:1.2rem 0}
        .tiles div{background:var(--paper);border:1px solid var(--rule);border-radius:12px;padding:.85rem 1rem}
        dt{font-size:.82rem;color:var(--soft);line-height:1.3;min-height:2.15em}
        dd{margin:0}
        dd b{display:block;font-size:1.65rem;line-height:1.3;font-weight:620;letter-spacing:-.02em;white-space:nowrap}
        dd span{font-size:.78rem;line-height:1.35;color:var(--soft);display:block}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:0 0 .8rem;padding:0;font-size:.85rem;color:var(--soft)}
        .legend i{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.45em}
        i.a{background:var(--a)}
        i.k{background:var(--k)}
        svg{display:block;width:100%;height:auto}
        svg.narrow{display:none}
        svg text{font-size:12px;fill:var(--soft)}
        text.y{text-anchor:end}
        text.x{text-anchor:middle}
        text.set{fill:var(--ink)}
        .grid{stroke:var(--rule);shape-rendering:crispEdges}
        .tick{stroke:var(--soft)}
        .set{stroke:var(--soft);stroke-dasharray:3 3}
        text.set{stroke:none}
        .a{fill:var(--a)}
        .k{fill:var(--k)}
        .b{fill:var(--b)}
        .rail{fill:var(--rail)}
        .line{fill:none;stroke-width:2;stroke-linejoin:round}
        .line.a{fill:none;stroke:var(--a)}
        .line.b{fill:none;stroke:var(--b)}
        .bar{width:150px;height:10px;border-radius:3px}
        figure{margin:.3rem 0 0}
        figcaption{font-weight:600;font-size:.9rem;margin-bottom:.4rem}
        .pair{display:grid;grid-template-columns:1fr 1fr;gap:1.2rem 2.2rem;margin-bottom:1.1rem}
        .pair:last-child{margin-bottom:0}
        table{border-collapse:collapse;width:100%;font-size:.88rem}
        th,td{padding:.42rem .7rem;text-align:right;border-bottom:1px solid var(--rule);vertical-align:top}
        tbody tr:last-child>*{border-bottom:0}
        th:first-child,td:first-child{padding-left:0}
        th:last-child,td:last-child{padding-right:0}
        thead th{font-weight:500;color:var(--soft);font-size:.8rem;vertical-align:bottom;white-space:nowrap}
        th:first-child,.l{text-align:left}
        tbody th{font-weight:500}
        .host,code{font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.92em;overflow-wrap:anywhere}
        .bars{padding-top:.75rem}
        .verdict{color:var(--b);font-weight:600;white-space:nowrap}
        small{display:block;color:var(--soft);font-size:.78rem;font-family:Inter,system-ui,sans-serif;font-weight:400}
        .names{width:42%;line-height:1.75}
        .cards .host{width:14.5rem}
        .names code{background:var(--rail);border-radius:4px;padding:.05rem .35rem;font-size:.8rem}
        .chosen>*{background:var(--mark)}
        .chosen>th:first-child{box-shadow:-.6rem 0 0 var(--mark)}
        .chosen>td:last-child{box-shadow:.6rem 0 0 var(--mark)}
        em{font-style:normal;font-size:.75rem;color:var(--b);border:1px solid currentColor;border-radius:9px;padding:0 .45em;margin-left:.35em;white-space:nowrap}
        details{margin-top:.8rem}
        summary{cursor:pointer;color:var(--b);font-size:.88rem}
        .scroll{max-height:24rem;overflow:auto;margin-top:.6rem}
        p code{white-space:nowrap}
        footer{font-size:.85rem;margin-top:1.6rem}
        footer p{max-width:none}
        @media (max-width:1000px){.tiles{grid-template-columns:repeat(3,1fr)}}
        @media (max-width:760px){
        body{padding:1.1rem .8rem 2rem}
        .theme{float:none;width:max-content;margin-bottom:.8rem}
        h1{font-size:1.5rem}
        section{padding:1rem}
        .tiles{grid-template-columns:1fr 1fr;gap:.6rem}
        svg.wide{display:none}
        svg.narrow{display:block}
        .pair{grid-template-columns:1fr}
        .cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        .cards,.cards tbody,.cards tr,.cards th,.cards td{display:block;text-align:left}
        .cards tr{padding:.6rem 0;border-bottom:1px solid var(--rule)}
        .cards tr>*{border:0;padding:.1rem 0}
        .cards [data-name]{display:flex;justify-content:space-between;gap:1rem}
        .cards [data-name]::before{content:attr(data-name);color:var(--soft)}
        .cards .bar{width:100%}
        .cards .chosen{box-shadow:-.5rem 0 0 var(--mark),.5rem 0 0 var(--mark)}
        .names{width:auto}
        .cards .host{width:auto}}
        @media print{
        :root{color-scheme:light!important}
        body{max-width:none;padding:0;font-size:11px}
        .theme,details{display:none}
        section{border:0;padding:0;margin:1.4rem 0}
        tr,svg,.tiles div{break-inside:avoid}}

        """;
}
