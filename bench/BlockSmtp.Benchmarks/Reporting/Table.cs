using System.Text;

namespace BlockSmtp.Benchmarks.Reporting;

/// <summary>A Markdown table whose columns line up, so that it can be read on a terminal too.</summary>
internal sealed class Table(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    public void Add(params string[] cells) => _rows.Add(cells);

    public static Table Of(IEnumerable<Budget> budgets)
    {
        var table = new Table("what", "measured", "budget", "");
        foreach (var budget in budgets)
            table.Add(budget.Cells());
        return table;
    }

    public override string ToString()
    {
        var widths = Enumerable.Range(0, _rows[0].Length).Select(column => Math.Max(3, _rows.Max(row => row[column].Length))).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < _rows.Count; i++)
        {
            // The first column is words, the others are figures.
            text.Append("| ")
                .AppendJoin(" | ", _rows[i].Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column])))
                .Append(" |\n");
            if (i == 0)
                text.Append('|')
                    .AppendJoin('|', widths.Select((width, column) => new string('-', width + 1) + (column == 0 ? '-' : ':')))
                    .Append("|\n");
        }

        return text.ToString();
    }
}
