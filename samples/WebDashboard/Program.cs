using System.Net;
using BlockSmtp;
using BlockSmtp.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using OpenTelemetry.Metrics;
using WebDashboard;

// Its settings are beside the program: where it is started from must not decide whether it blocks for real.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddBlockSmtp(builder.Configuration.GetSection("BlockSmtp"));

// For whoever watches over this program: GET /health says "Healthy", and what is wrong is in the log.
builder.Services.AddHealthChecks().AddCheck<EngineCheck>("engine");

// The engine's figures (docs/metrics.md) for an OpenTelemetry collector, where the environment names one.
if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null)
    builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("BlockSmtp").AddOtlpExporter());

// Whoever reaches the page can release anybody: it is for this machine alone. Put a proxy with a login before it for more.
builder.WebHost.ConfigureKestrel((context, options) => options.Listen(IPAddress.Loopback, context.Configuration.GetValue("Port", 5080)));

// A form of another site that the administrator visits must not release anybody either. Keys live as long as the process.
builder.Services.AddAntiforgery();
builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();

var app = builder.Build();
app.UseAntiforgery();
app.Use((context, next) =>
{
    context.Response.Headers.ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    context.Response.Headers.CacheControl = "no-store";
    return next();
});

app.MapGet("/", (HttpContext context, IAntiforgery antiforgery, DetectionEngine engine) =>
    Results.Content(Page.Show(engine, antiforgery.GetAndStoreTokens(context)), "text/html; charset=utf-8"));
app.MapHealthChecks("/health");
app.MapGet("/style.css", () => Results.Content(Page.Style, "text/css; charset=utf-8"));
app.MapPost("/release", async ([FromForm] string network, DetectionEngine engine, CancellationToken cancellationToken) =>
{
    if (!IPNetwork.TryParse(network, out var blocked))
        return Results.BadRequest();
    await engine.ReleaseAsync(blocked, cancellationToken);
    return Results.LocalRedirect("/");
});
app.Run();
