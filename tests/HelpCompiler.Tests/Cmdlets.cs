using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;

namespace HelpCompiler.Tests;

/// <summary>The cmdlets of the module as their attributes declare them.</summary>
internal sealed class Cmdlets : IDisposable
{
    private const string Namespace = "System.Management.Automation.";

    private readonly MetadataLoadContext _context;

    public Cmdlets()
    {
        var files = Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll").ToDictionary(file => Path.GetFileName(file));
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll"))
        {
            files[Path.GetFileName(file)] = file;
        }

        _context = new MetadataLoadContext(new PathAssemblyResolver(files.Values));
        Assembly module = _context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "Apiframe.NanoBanana.dll"));
        All = [.. module.GetTypes().Where(type => Attributes(type, "Cmdlet").Any()).Select(type => new Cmdlet(type)).OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal)];
    }

    public IReadOnlyList<Cmdlet> All { get; }

    public void Dispose() => _context.Dispose();

    private static IEnumerable<CustomAttributeData> Attributes(MemberInfo member, string name) =>
        member.GetCustomAttributesData().Where(data => data.AttributeType.FullName == Namespace + name + "Attribute");

    internal sealed class Cmdlet(Type type)
    {
        public string Name { get; } = string.Join('-', Attributes(type, "Cmdlet").Single().ConstructorArguments.Select(argument => argument.Value));

        /// <summary>Those that are shown, with those that the engine adds for ShouldProcess.</summary>
        public IReadOnlyList<CmdletParameter> Parameters { get; } =
            [.. type.GetProperties().Select(property => new CmdletParameter(property)).Where(parameter => parameter.IsShown)];

        public bool SupportsShouldProcess { get; } =
            Attributes(type, "Cmdlet").Single().NamedArguments.Any(argument => argument is { MemberName: "SupportsShouldProcess", TypedValue.Value: true });
    }

    internal sealed class CmdletParameter(PropertyInfo property)
    {
        private readonly CustomAttributeData[] _sets = [.. Attributes(property, "Parameter")];

        public string Name => property.Name;

        public bool IsShown => _sets.Length > 0 && !Has("DontShow");

        public bool IsRequired => Has("Mandatory");

        public string Position => Argument("Position") is int position ? $"{position}" : "named";

        public string Type => Nullable.GetUnderlyingType(property.PropertyType)?.Name ?? property.PropertyType.Name;

        public string PipelineInput
        {
            get
            {
                string[] ways = [.. Has("ValueFromPipelineByPropertyName") ? ["ByPropertyName"] : Array.Empty<string>(), .. Has("ValueFromPipeline") ? ["ByValue"] : Array.Empty<string>()];
                return ways.Length == 0 ? "False" : $"True ({string.Join(", ", ways)})";
            }
        }

        public string Aliases => string.Join(", ", Attributes(property, "Alias")
            .SelectMany(alias => (IEnumerable<CustomAttributeTypedArgument>)alias.ConstructorArguments[0].Value!).Select(argument => argument.Value));

        public IEnumerable<string> Choices => Attributes(property, "ValidateSet")
            .SelectMany(set => (IEnumerable<CustomAttributeTypedArgument>)set.ConstructorArguments[0].Value!).Select(argument => (string)argument.Value!);

        private bool Has(string argument) => Argument(argument) is true;

        private object? Argument(string name) =>
            _sets.SelectMany(set => set.NamedArguments).FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value;
    }
}
