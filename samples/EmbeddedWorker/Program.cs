using BlockSmtp;
using BlockSmtp.Hosting;
using EmbeddedWorker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// A program of one's own with the engine in it: what is registered here is used, and the rest is the library's.
// Its settings are beside the program: where it is started from must not decide whether it blocks for real.
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddSingleton<ILogSource, SyslogSocket>();
builder.Services.AddSingleton<IOffenderPolicy, TrapPolicy>();
builder.Services.AddBlockSmtp(builder.Configuration.GetSection("BlockSmtp"));
builder.Build().Run();
