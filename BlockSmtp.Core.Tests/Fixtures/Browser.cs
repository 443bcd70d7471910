namespace BlockSmtp.Tests.Fixtures;

/// <summary>A real browser without a window, which loads a page, runs what it can, and says what has become of it.</summary>
internal static class Browser
{
    /// <summary>The page as the browser has it in the end, as HTML.</summary>
    public static string Load(string page)
    {
        Requires.Tool("chromium");
        using var profile = new TemporaryFolder();
        return Command.Run(
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update", "--disable-sync", $"--user-data-dir={profile["profile"]}", "--virtual-time-budget=2000",
            "--dump-dom", $"file://{Uri.EscapeDataString(page).Replace("%2F", "/", StringComparison.Ordinal)}");
    }
}
