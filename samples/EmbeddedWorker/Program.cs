using BlockSmtp;
using BlockSmtp.Hosting;
using EmbeddedWorker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A program of one's own with the engine in it: what is registered here is used, and the rest is the library's.
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton<ILogSource, SyslogSocket>();
builder.Services.AddSingleton<IOffenderPolicy, TrapPolicy>();
builder.Services.AddBlockSmtp(builder.Configuration.GetSection("BlockSmtp"));
builder.Build().Run();
