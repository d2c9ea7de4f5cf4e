using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Simulation.Machine;

namespace Apiframe.Client;

/// <summary>
/// The part of the dictionary that the client uses. A static instance has separate content in each process, and the content is lost when the process is killed.
/// </summary>
internal sealed class ConcurrentDictionary<TKey, TValue>(IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private static readonly object Nobody = new();

    private readonly ConditionalWeakTable<object, Dictionary<TKey, TValue>> _ofProcesses = [];

    public TValue this[TKey key]
    {
        get => Here[key];
        set => Here[key] = value;
    }

    private Dictionary<TKey, TValue> Here => _ofProcesses.GetValue((object?)World.Current.Running ?? Nobody, _ => new Dictionary<TKey, TValue>(comparer));

    public bool ContainsKey(TKey key) => Here.ContainsKey(key);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => Here.TryGetValue(key, out value);

    public bool TryAdd(TKey key, TValue value) => Here.TryAdd(key, value);

    public bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value) => Here.Remove(key, out value);

    public TValue GetOrAdd(TKey key, TValue value) => GetOrAdd(key, _ => value);

    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make) => AddOrUpdate(key, make, (_, known) => known);

    public TValue AddOrUpdate(TKey key, Func<TKey, TValue> make, Func<TKey, TValue, TValue> change) =>
        Here[key] = Here.TryGetValue(key, out TValue? known) ? change(key, known) : make(key);
}
