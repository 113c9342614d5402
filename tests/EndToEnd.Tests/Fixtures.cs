using EndToEnd.Tests.Support;

[assembly: AssemblyFixture(typeof(Platform))]
[assembly: AssemblyFixture(typeof(Chromium))]
